// A real PDS with its directory of identities on loopback; prints its address, ends with its standard input.
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { randomBytes } from 'node:crypto'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const require = createRequire(path.join(process.argv[2], 'package.json'))
const load = (name) => import(pathToFileURL(require.resolve(name)))
const free = () =>
  new Promise((done) => {
    const door = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = door.address()
      door.close(() => done(port))
    })
  })

const plc = require('@did-plc/server')
const { PDS } = await load('@atproto/pds')
const place = mkdtempSync(path.join(os.tmpdir(), 'socius-pds-'))
mkdirSync(path.join(place, 'blobs'))
const directory = await free()
const identities = plc.PlcServer.create({ db: plc.Database.mock(), port: directory })
await identities.start()
const port = await free()
const server = await PDS.fromEnv({
  devMode: true,
  port,
  hostname: 'localhost',
  dataDirectory: place,
  blobstoreDiskLocation: path.join(place, 'blobs'),
  didPlcUrl: `http://localhost:${directory}`,
  adminPassword: randomBytes(16).toString('hex'),
  jwtSecret: randomBytes(16).toString('hex'),
  plcRotationKeyK256PrivateKeyHex: randomBytes(32).toString('hex'),
  serviceHandleDomains: ['.test'],
  inviteRequired: false,
  disableSsrfProtection: true,
})
await server.start()
console.log(JSON.stringify({ address: `http://localhost:${port}` }))
process.stdin.resume()
process.stdin.on('end', () => {
  rmSync(place, { recursive: true, force: true })
  process.exit(0)
})
