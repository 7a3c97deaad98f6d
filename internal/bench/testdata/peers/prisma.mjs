// Inserts $rows users with Prisma's createMany into the database $out with the schema $schema.
import { readFileSync } from 'node:fs'
import { createClient } from '@libsql/client'
import { PrismaLibSQL } from '@prisma/adapter-libsql'
import prisma from './client/index.js'

const { out, rows, schema } = process.env
const sql = readFileSync(schema, 'utf8')
const url = `file:${out}`
const client = createClient({ url })
await client.executeMultiple(sql)
client.close()
const unique = sql.includes('username')
const words = 'lorem ipsum dolor sit amet consectetur adipisicing elit sed do'.split(' ')
const pick = () => words[Math.floor(Math.random() * words.length)]
const db = new prisma.PrismaClient({ adapter: new PrismaLibSQL({ url }) })
const atOnce = 1000
for (let at = 0; at < rows; at += atOnce) {
	const data = Array.from({ length: Math.min(atOnce, rows - at) }, (_, i) => ({
		name: `${pick()} ${pick()}`,
		about: Array.from({ length: 10 }, pick).join(' '),
		...(unique && { username: `${pick()}_${at + i}`, email: `${pick()}_${at + i}@example.com` }),
	}))
	await db.user.createMany({ data })
}
await db.$disconnect()
