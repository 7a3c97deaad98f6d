import { PrismaLibSql } from '@prisma/adapter-libsql'

/**
 * The driver adapter for the database named by DATABASE_URL. TIMESTAMP_FORMAT is how it writes a
 * DateTime: iso8601 (its own default, also when empty) or unixepoch-ms (as Prisma's native engine did).
 */
export function adapter() {
	const { DATABASE_URL: url, TIMESTAMP_FORMAT } = process.env
	if (!url) throw new Error('DATABASE_URL is not set')
	return new PrismaLibSql({ url }, { timestampFormat: TIMESTAMP_FORMAT || undefined })
}
