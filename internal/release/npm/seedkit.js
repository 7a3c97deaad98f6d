#!/usr/bin/env node
'use strict'
// Runs the program of the package for this platform, and ends as the program ends.
const { spawn } = require('node:child_process')

const name = `@seedkit/${process.platform}-${process.arch}`
let program
try {
  program = require.resolve(`${name}/bin/seedkit${process.platform === 'win32' ? '.exe' : ''}`)
} catch {
  console.error(`seedkit: error: the package ${name} is not installed`)
  console.error('seedkit: hint: install seedkit on this platform, without --omit=optional: npm install seedkit')
  process.exit(1)
}

// At ^C the terminal signals the program, too, which cleans up first.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' })
child.on('error', error => {
  console.error(`seedkit: error: start ${program}: ${error.message}`)
  process.exit(1)
})
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
