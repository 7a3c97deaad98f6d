import { defineConfig } from 'prisma/config'
import { adapter } from './adapter.mjs'

export default defineConfig({
	experimental: { adapter: true },
	engine: 'js',
	adapter: async () => adapter(),
	schema: 'prisma/schema.prisma',
	migrations: { path: process.env.MIGRATIONS_PATH },
})
