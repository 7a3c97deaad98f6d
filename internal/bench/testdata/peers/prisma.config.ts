// Without the native engine, Prisma needs no file of another host.
import { PrismaLibSQL } from '@prisma/adapter-libsql'
import { defineConfig } from 'prisma/config'

export default defineConfig({
	experimental: { adapter: true },
	engine: 'js',
	adapter: async () => new PrismaLibSQL({ url: 'file::memory:' }),
	schema: 'schema.prisma',
})
