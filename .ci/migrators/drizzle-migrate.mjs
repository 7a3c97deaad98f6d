// Usage: node drizzle-migrate.mjs DATABASE FOLDER
// Migrates a database as an app that uses Drizzle does when it starts.
import { pathToFileURL } from 'node:url'
import { createClient } from '@libsql/client'
import { drizzle } from 'drizzle-orm/libsql'
import { migrate } from 'drizzle-orm/libsql/migrator'

const [database, migrationsFolder] = process.argv.slice(2)
const client = createClient({ url: pathToFileURL(database).href })
try {
	await migrate(drizzle({ client }), { migrationsFolder })
} finally {
	client.close()
}
