// make-users.mjs N: N users sign up, as they would in a production app that seedkit knows nothing of.
// Each gets the role `user`, which must be there, and rows in every table that hangs on a user.
import { randomUUID } from 'node:crypto'
import { PrismaClient } from '@prisma/client'
import { adapter } from './adapter.mjs'

// bcrypt of "member".
const HASH = '$2a$10$zVKhQJg2anvzxOwGfOi8zur9fXqMnaArbd6kk/BZWyG6CCDSJ41nK'

const inAMonth = new Date(Date.now() + 30 * 24 * 60 * 60 * 1000)

function signUp(n) {
	const username = `member${n}`
	return {
		username,
		email: `${username}@production.example`,
		name: n % 2 ? `Member ${n} O’Hara` : null,
		roles: { connect: { name: 'user' } },
		password: { create: { hash: HASH } },
		image: { create: { objectKey: `user/${username}.png`, altText: null } },
		notes: {
			create: [
				{ title: "It's number one", content: 'Two lines;\nwith "quotes" and a \\ in them.' },
				{
					title: 'Größe 🌱',
					content: '',
					images: { create: { objectKey: `notes/${username}.png`, altText: 'a -- picture' } },
				},
			],
		},
		sessions: { create: { expirationDate: inAMonth } },
		connections: { create: { providerName: 'github', providerId: String(1_000_000 + n) } },
		passkey: {
			create: {
				id: randomUUID(),
				aaguid: randomUUID(),
				publicKey: Buffer.from([0, n & 255, 0x27, 0xff]),
				webauthnUserId: randomUUID(),
				counter: BigInt(n),
				deviceType: 'singleDevice',
				backedUp: n % 2 === 0,
				transports: 'internal,hybrid',
			},
		},
	}
}

function pendingVerification(n) {
	return {
		type: 'onboarding',
		target: `newcomer${n}@production.example`,
		secret: 'JBSWY3DPEHPK3PXP',
		algorithm: 'SHA-256',
		digits: 6,
		period: 600,
		charSet: 'ABCDEFGHJKLMNPQRSTUVWXYZ123456789',
		expiresAt: n % 2 ? inAMonth : null,
	}
}

const count = Number(process.argv[2])
if (!Number.isInteger(count) || count < 1) throw new Error('usage: make-users.mjs N')

const numbers = Array.from({ length: count }, (_, i) => i + 1)
const prisma = new PrismaClient({ adapter: adapter() })
for (const n of numbers) await prisma.user.create({ data: signUp(n) })
await prisma.verification.createMany({ data: numbers.map(pendingVerification) })
console.log(await prisma.user.count())
await prisma.$disconnect()
