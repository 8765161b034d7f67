import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What is ordered of a process, in its folder. */
export const armedFile = 'die-at'
/** Orders a piece of background work. */
export const dueFile = 'work-due'
/** A line for every piece of background work that was done. */
export const workFile = 'work-done'
/** A line for every delivery whose success is on record. */
export const recordFile = 'sends-recorded'

/** How slow turns are. */
export const slowFile = 'slow-turns'

const Armed = z.strictObject({ point: z.string(), afterMs: z.number().min(0) })

/** A moment to die at; `afterMs`: milliseconds into a step whose middle is meant. */
export type Armed = z.infer<typeof Armed>

const Recorded = z.strictObject({ contact: z.string(), text: z.string() })

/** A delivery whose success is on record: to whom, and the words, none where it was no text. */
export type Recorded = z.infer<typeof Recorded>

const Slow = z.strictObject({
  share: z.number().min(0).max(1),
  fromMs: z.number().min(0),
  toMs: z.number().min(0),
  seed: z.number(),
})

/** A share of the turns, drawn from the seed, takes longer by so many milliseconds. */
export type Slow = z.infer<typeof Slow>

/** Reads how slow turns are. */
export const parseSlow = (text: string): Slow => Slow.parse(JSON.parse(text))

/** Reads an order. */
export const parseArmed = (text: string): Armed => Armed.parse(JSON.parse(text))

/** Nobody reads half of what is written. */
const writeWhole = (folder: string, file: string, value: object): void => {
  const draft = join(folder, `${file}.draft`)
  writeFileSync(draft, JSON.stringify(value))
  renameSync(draft, join(folder, file))
}

/** Orders the process whose folder this is to end itself the next time it comes to a moment. */
export const arm = (folder: string, armed: Armed): void => writeWhole(folder, armedFile, armed)

/** Takes the order back from a process that has not come to its moment. */
export const disarm = (folder: string): void => rmSync(join(folder, armedFile), { force: true })

/** Has some of the process's turns take longer from now on. */
export const slowSome = (folder: string, slow: Slow): void => writeWhole(folder, slowFile, slow)

/** Has the process think so much longer about each message from now on. */
export const slowDown = (folder: string, ms: number): void =>
  slowSome(folder, { share: 1, fromMs: ms, toMs: ms, seed: 1 })

/** Orders a piece of background work, whose time has come by its timer. */
export const makeDue = (folder: string): void => writeFileSync(join(folder, dueFile), '')

/** The lines that are written to their end. */
const linesOf = (folder: string, file: string): readonly string[] => {
  const path = join(folder, file)
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
}

/** How many pieces of background work the processes of this folder have done. */
export const countDone = (folder: string): number => linesOf(folder, workFile).length

/** The deliveries that the processes of this folder have put on record, the oldest first. */
export const readRecorded = (folder: string): readonly Recorded[] =>
  linesOf(folder, recordFile).map((line) => Recorded.parse(JSON.parse(line)))
