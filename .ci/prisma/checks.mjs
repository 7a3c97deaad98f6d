// checks.mjs CHECK…: prints, as one JSON object, for every user by username and for every check the
// answers of an app made from the Epic Stack: the server's, which is a query, and the page's.
import { PrismaClient } from '@prisma/client'
import { adapter } from './adapter.mjs'

// As in the app's app/utils/user.ts.
function parsePermissionString(permissionString) {
	const [action, entity, access] = permissionString.split(':')
	return { action, entity, access: access ? access.split(',') : undefined }
}

// As requireUserWithPermission in the app's app/utils/permissions.server.ts.
async function server(user, check) {
	const permissionData = parsePermissionString(check)
	const found = await prisma.user.findFirst({
		select: { id: true },
		where: {
			id: user.id,
			roles: {
				some: {
					permissions: {
						some: {
							...permissionData,
							access: permissionData.access ? { in: permissionData.access } : undefined,
						},
					},
				},
			},
		},
	})
	return found !== null
}

// As userHasPermission in the app's app/utils/user.ts.
function page(user, check) {
	const { action, entity, access } = parsePermissionString(check)
	return user.roles.some((role) =>
		role.permissions.some(
			(permission) =>
				permission.entity === entity &&
				permission.action === action &&
				(!access || access.includes(permission.access)),
		),
	)
}

const prisma = new PrismaClient({ adapter: adapter() })
const answers = {}
for (const user of await prisma.user.findMany({ include: { roles: { include: { permissions: true } } } })) {
	answers[user.username] = {}
	for (const check of process.argv.slice(2)) {
		answers[user.username][check] = { server: await server(user, check), page: page(user, check) }
	}
}
console.log(JSON.stringify(answers))
await prisma.$disconnect()
