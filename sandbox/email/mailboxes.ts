import { randomUUID } from 'node:crypto'
import { TongdaError } from '../../src/core/errors.ts'
import type { ShownLine, SimulatedUser } from '../simulator.ts'

/** A mail in a user's mailbox: the line that is shown, and what an answer to it needs. */
export interface BoxedMail {
  readonly line: ShownLine
  readonly messageId: string
  readonly references: readonly string[]
  readonly subject: string
  readonly text: string
  /** Where an answer goes. */
  readonly replyTo: string
}

/** Every user's mailbox, oldest mail first. */
export interface Mailboxes {
  users(): readonly SimulatedUser[]
  /** The user with an address, in any case; undefined: nobody has it. */
  find(address: string): SimulatedUser | undefined
  /** Throws `not_found` for unknown users. */
  of(userKey: string): readonly BoxedMail[]
  add(userKey: string, mail: Omit<BoxedMail, 'line'>, line: Omit<ShownLine, 'id'>): string
  /** Tells how a user's mail fared. */
  mark(userKey: string, lineId: string, state: NonNullable<ShownLine['state']>): void
  addUser(user: SimulatedUser): void
  /** Every mail is gone; the people of the beginning are back. */
  reset(): void
}

const keyOf = (address: string): string => address.trim().toLowerCase()

export const createMailboxes = (first: readonly SimulatedUser[], onChange: () => void): Mailboxes => {
  const users = new Map<string, SimulatedUser>()
  const boxes = new Map<string, BoxedMail[]>()
  const addUser = (user: SimulatedUser): void => {
    users.set(keyOf(user.key), user)
    boxes.set(keyOf(user.key), boxes.get(keyOf(user.key)) ?? [])
  }
  first.forEach(addUser)
  const boxOf = (userKey: string): BoxedMail[] => {
    const box = boxes.get(keyOf(userKey))
    if (box === undefined)
      throw new TongdaError('not_found', 'there is no such mailbox on the simulated provider')
    return box
  }
  return {
    users: () => [...users.values()],
    find: (address) => users.get(keyOf(address)),
    of: boxOf,
    addUser,
    reset: () => {
      for (const part of [users, boxes]) part.clear()
      first.forEach(addUser)
    },
    add: (userKey, mail, line) => {
      const id = randomUUID()
      boxOf(userKey).push({ ...mail, line: { ...line, id } })
      onChange()
      return id
    },
    mark: (userKey, lineId, state) => {
      const box = boxOf(userKey)
      const at = box.findIndex(({ line }) => line.id === lineId)
      const found = box[at]
      if (found === undefined) return
      box[at] = { ...found, line: { ...found.line, state } }
      onChange()
    },
  }
}
