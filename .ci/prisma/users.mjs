// Prints every user, by username, with all that belongs to them, as one JSON array.
import { PrismaClient } from '@prisma/client'
import { adapter } from './adapter.mjs'

/** A JSON.stringify replacer that refuses a date which the client did not read as a date. */
function typed(key, value) {
	const raw = this[key]
	if (raw instanceof Date) return raw.toISOString()
	if (raw !== null && /(At|Date)$/.test(key)) throw new TypeError(`${key} is a ${typeof raw}: ${raw}`)
	if (raw instanceof Uint8Array) return Buffer.from(raw).toString('hex')
	if (typeof raw === 'bigint') return String(raw)
	return value
}

const prisma = new PrismaClient({ adapter: adapter() })
const users = await prisma.user.findMany({
	orderBy: { username: 'asc' },
	include: {
		password: true,
		image: true,
		roles: {
			orderBy: { name: 'asc' },
			include: { permissions: { orderBy: [{ entity: 'asc' }, { action: 'asc' }, { access: 'asc' }] } },
		},
		notes: { orderBy: { id: 'asc' }, include: { images: { orderBy: { id: 'asc' } } } },
		connections: { orderBy: { id: 'asc' } },
		sessions: { orderBy: { id: 'asc' } },
		passkey: { orderBy: { id: 'asc' } },
	},
})
console.log(JSON.stringify(users, typed, '\t'))
await prisma.$disconnect()
