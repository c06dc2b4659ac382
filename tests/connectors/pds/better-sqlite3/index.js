'use strict'
// What the PDS asks of its SQLite, answered by the SQLite inside Node: nothing has to be compiled, and nothing is fetched.
const { DatabaseSync } = require('node:sqlite')

function bound(values) {
  const list = values.length === 1 && Array.isArray(values[0]) ? values[0] : values
  return list.map((v) => (v === undefined ? null : typeof v === 'boolean' ? Number(v) : v))
}

function row(found) {
  if (!found) return found
  for (const name in found) {
    const value = found[name]
    if (value instanceof Uint8Array && !Buffer.isBuffer(value)) {
      found[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    }
  }
  return found
}

class Statement {
  constructor(held) {
    this.held = held
    this.reader = held.columns().length > 0
  }
  all(...values) {
    return this.held.all(...bound(values)).map(row)
  }
  get(...values) {
    return row(this.held.get(...bound(values)))
  }
  run(...values) {
    return this.held.run(...bound(values))
  }
  *iterate(...values) {
    for (const found of this.held.iterate(...bound(values))) yield row(found)
  }
}

class Database {
  constructor(place, said = {}) {
    this.held = new DatabaseSync(place, { timeout: said.timeout ?? 5000 })
  }
  prepare(text) {
    return new Statement(this.held.prepare(text))
  }
  exec(text) {
    this.held.exec(text)
    return this
  }
  pragma(text) {
    return this.prepare(`PRAGMA ${text}`).all()
  }
  close() {
    this.held.close()
  }
}

class SqliteError extends Error {}
Database.SqliteError = SqliteError
module.exports = Database
