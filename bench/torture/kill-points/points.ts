import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createRandom } from '../../random.ts'
import {
  armedFile,
  dueFile,
  parseArmed,
  parseSlow,
  recordFile,
  slowFile,
  workFile,
  type Recorded,
} from './order.ts'

const folder = process.env.TORTURE_FOLDER ?? ''

const die = (): void => {
  rmSync(join(folder, armedFile), { force: true })
  process.kill(process.pid, 'SIGKILL')
}

const armed = () => {
  const path = join(folder, armedFile)
  return existsSync(path) ? parseArmed(readFileSync(path, 'utf8')) : undefined
}

/** Ends this process, as a crash does, when that is what was ordered for this moment. */
export const reach = (point: string): void => {
  if (armed()?.point === point) die()
}

/** Does one step with three moments to die at: before it, in its middle, and when it is done and nobody knows. */
export const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
  reach(`${name}-before`)
  const order = armed()
  if (order?.point === `${name}-during`) {
    void work().catch(() => undefined)
    await delay(order.afterMs)
    die()
  }
  const result = await work()
  reach(`${name}-after`)
  return result
}

/** Notes that a piece of background work is done, for whoever counts outside. */
export const noteDone = (): void => appendFileSync(join(folder, workFile), 'done\n')

/** Notes deliveries whose success is on record, for whoever waits outside. */
export const noteRecorded = (recorded: readonly Recorded[]): void =>
  appendFileSync(join(folder, recordFile), recorded.map((one) => `${JSON.stringify(one)}\n`).join(''))

/** Whether background work was ordered since the last call. */
export const takeDue = (): boolean => {
  const path = join(folder, dueFile)
  if (!existsSync(path)) return false
  rmSync(path, { force: true })
  return true
}

let random: (() => number) | undefined

/** Waits as long as this turn was ordered to take longer. */
export const think = async (): Promise<void> => {
  const path = join(folder, slowFile)
  if (!existsSync(path)) return
  const { share, fromMs, toMs, seed } = parseSlow(readFileSync(path, 'utf8'))
  random ??= createRandom(seed)
  if (random() < share) await delay(fromMs + random() * (toMs - fromMs))
}
