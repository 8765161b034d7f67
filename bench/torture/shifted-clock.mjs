// Loaded before the product (`--import`): its clock goes as far beside the machine's as the file `clock-shift` in its
// folder says, in milliseconds. Timers keep their pace, as they do when a machine's clock is set.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'

const Real = globalThis.Date
const path = join(process.env.TORTURE_FOLDER ?? '', 'clock-shift')
const keptMs = 50
let [shift, readAt] = [0, 0]

const now = () => {
  const at = Real.now()
  if (at - readAt > keptMs) {
    shift = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0
    readAt = at
  }
  return at + shift
}

globalThis.Date = class Date extends Real {
  constructor(...given) {
    if (given.length === 0) super(now())
    else super(...given)
  }
  static now() {
    return now()
  }
}
