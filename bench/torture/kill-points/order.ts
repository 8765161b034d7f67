import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What is ordered of a process, in its folder. */
export const armedFile = 'die-at'
/** Orders a piece of background work. */
export const dueFile = 'work-due'
/** A line for every piece of background work that was done. */
export const workFile = 'work-done'

/** Milliseconds that thinking about a message takes longer. */
export const slowFile = 'think-ms'

const Armed = z.strictObject({ point: z.string(), afterMs: z.number().min(0) })

/** A moment to die at; `afterMs`: milliseconds into a step whose middle is meant. */
export type Armed = z.infer<typeof Armed>

/** Reads an order. */
export const parseArmed = (text: string): Armed => Armed.parse(JSON.parse(text))

/** Orders the process whose folder this is to end itself the next time it comes to a moment. */
export const arm = (folder: string, armed: Armed): void => {
  const draft = join(folder, `${armedFile}.draft`)
  writeFileSync(draft, JSON.stringify(armed))
  renameSync(draft, join(folder, armedFile))
}

/** Has the process think so much longer about each message from now on. */
export const slowDown = (folder: string, ms: number): void =>
  writeFileSync(join(folder, slowFile), String(ms))

/** Orders a piece of background work, whose time has come by its timer. */
export const makeDue = (folder: string): void => writeFileSync(join(folder, dueFile), '')

/** How many pieces of background work the processes of this folder have done. */
export const countDone = (folder: string): number => {
  const path = join(folder, workFile)
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0
}
