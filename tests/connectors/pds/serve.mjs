// A real PDS with its directory of identities on loopback; prints its address, ends with its standard input.
import { createRequire } from 'node:module'
import path from 'node:path'
const require = createRequire(path.join(process.argv[2], 'package.json'))
const { TestNetworkNoAppView } = require('@atproto/dev-env')
const network = await TestNetworkNoAppView.create({})
console.log(JSON.stringify({ address: network.pds.url }))
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
