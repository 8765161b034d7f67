import { createHash } from 'node:crypto'
import type { TableSum } from './copying.ts'

const room = 1n << 256n

/** Sums rows up: the SHA-256 of each, added without regard to order. */
export const createTableSum = () => {
  let rows = 0
  let sum = 0n
  return {
    add: (line: string): void => {
      rows += 1
      sum = (sum + BigInt(`0x${createHash('sha256').update(line).digest('hex')}`)) % room
    },
    value: (): TableSum => ({ rows, checksum: sum.toString(16).padStart(64, '0') }),
  }
}
