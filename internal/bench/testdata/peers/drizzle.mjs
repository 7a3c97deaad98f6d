// Makes $rows users with drizzle-seed in the database $out with the schema $schema.
import { readFileSync } from 'node:fs'
import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/libsql'
import { sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { seed } from 'drizzle-seed'

const { out, rows, schema } = process.env
const sql = readFileSync(schema, 'utf8')
const client = createClient({ url: `file:${out}` })
await client.executeMultiple(sql)
const unique = sql.includes('username')
const required = () => text().notNull()
const user = sqliteTable('user', {
	id: text().primaryKey(),
	name: required(),
	about: required(),
	...(unique && { username: required().unique(), email: required().unique() }),
})
await seed(drizzle(client), { user }, { count: Number(rows) }).refine((f) => ({
	user: {
		columns: {
			id: f.uuid(),
			name: f.fullName(),
			about: f.loremIpsum({ sentencesCount: 1 }),
			...(unique && { username: f.string({ isUnique: true }), email: f.email() }),
		},
	},
}))
client.close()
