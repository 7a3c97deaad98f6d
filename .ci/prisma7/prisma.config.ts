import { defineConfig, env } from 'prisma/config'

export default defineConfig({
	schema: 'prisma/schema.prisma',
	migrations: { path: process.env.MIGRATIONS_PATH },
	datasource: { url: env('DATABASE_URL') },
})
