import { setTimeout as delay } from 'node:timers/promises'
import type { TranscriptEntry } from '../../sandbox/index.ts'
import { createRandom } from '../random.ts'
import type { ServerProcess } from '../server-process.ts'
import { answerOf, keyOf, openCluster, type Cluster, type ClusterOptions } from './cluster.ts'
import { buildWithKillPoints, removeBuild } from './kill-points/build.ts'
import { arm, countDone, disarm, makeDue, readRecorded } from './kill-points/order.ts'

/** How a message goes in which a moment lies: by the API, on the request, by words that have to be understood. */
type Way = 'api' | 'ride' | 'words' | 'work'

interface Point {
  readonly name: string
  readonly way: Way
  /** True where a crash leaves no way to know whether the contact has been shown the answer. */
  readonly mayRepeat?: true
}

/** The moments at which the process ends itself, along the way of a message and of background work. */
export const killPoints: readonly Point[] = [
  { name: 'accept-before', way: 'api' },
  { name: 'accept-during', way: 'api' },
  { name: 'accept-after', way: 'api' },
  { name: 'acknowledge-before', way: 'api' },
  { name: 'claim-after', way: 'api' },
  { name: 'understand-before', way: 'words' },
  { name: 'understand-during', way: 'words' },
  { name: 'turn-during', way: 'api' },
  { name: 'turn-after', way: 'api' },
  { name: 'commit-before', way: 'api' },
  { name: 'commit-during', way: 'api' },
  { name: 'commit-after', way: 'api' },
  { name: 'send-claim-after', way: 'api' },
  { name: 'call-before', way: 'api' },
  { name: 'call-during', way: 'api', mayRepeat: true },
  { name: 'call-after', way: 'api', mayRepeat: true },
  { name: 'record-during', way: 'api', mayRepeat: true },
  { name: 'record-after', way: 'api' },
  { name: 'ride-claim-after', way: 'ride' },
  { name: 'ride-before', way: 'ride' },
  { name: 'ride-record-before', way: 'ride', mayRepeat: true },
  { name: 'ride-record-during', way: 'ride', mayRepeat: true },
  { name: 'ride-record-after', way: 'ride' },
  { name: 'timer-during', way: 'work' },
  { name: 'timer-after', way: 'work' },
  { name: 'job-before', way: 'work' },
  { name: 'job-during', way: 'work' },
  { name: 'retention-during', way: 'work' },
  { name: 'job-after', way: 'work' },
]

/** How hard to be. */
export interface KillPointsOptions extends Pick<
  ClusterOptions,
  'learned' | 'databaseUrl' | 'redisUrl' | 'nodes'
> {
  /** Of each moment. */
  readonly times: number
  /** Of how far into a step a process dies. */
  readonly seed: number
  /** Names of moments. Default: all. */
  readonly only?: readonly string[]
  readonly onKill?: (point: string) => void
}

/** What came of processes that died at moments of choice. */
export interface KillPointsResult {
  readonly points: number
  readonly kills: number
  /** Moments that were ordered and never came. Must be none. */
  readonly missed: readonly string[]
  readonly acknowledged: number
  readonly answered: number
  readonly lost: number
  /** Answers more than once, by the moment of the kill. */
  readonly repeats: Readonly<Record<string, number>>
  /** Those of them at moments that leave a way to know. Must be 0. */
  readonly needlessRepeats: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Pieces of background work whose process died and that were not done afterwards. Must be 0. */
  readonly workLost: number
}

interface Asked {
  readonly point: Point
  readonly acknowledged: boolean
  readonly count: () => number
  /** Whether a node has put on record that the answer was sent. */
  readonly isRecorded: () => boolean
}

/** Longer than a busy machine stands still: a call that outlives its lease is repeated, whoever was killed. */
const leaseMs = 10_000
const [reachLimitMs, settleLimitMs, workLimitMs] = [30_000, 60_000, 100_000]
/**
 * For the record of an answer that stands on the screen. Nobody notes it where a process died between a record and its
 * note; whatever is said again is said when the lease ends.
 */
const recordLimitMs = 3 * leaseMs
/** Middles of steps lie within so many milliseconds. */
const middleMs = 4

const until = async (isTrue: () => boolean, limitMs: number): Promise<boolean> => {
  const endMs = performance.now() + limitMs
  while (!isTrue() && performance.now() < endMs) await delay(50)
  return isTrue()
}

const isAnswer = ({ source }: TranscriptEntry): boolean => source === 'passive' || source === 'api'

const openAsking = ({ simulator, nodes }: Cluster) => {
  let n = 0
  const recordedFor = (openid: string) =>
    nodes.flatMap(({ folder }) => readRecorded(folder)).filter(({ contact }) => contact === openid)
  return {
    /** Says something to which one answer belongs. */
    ask: async (openid: string, point: Point): Promise<Asked> => {
      const key = n++ % 400
      const from = simulator.transcript(openid).at(-1)?.id ?? -1
      const words = point.way === 'words'
      const holdsAnswer = (text: string): boolean => words || text.includes(answerOf(key))
      const countRecorded = (): number => recordedFor(openid).filter(({ text }) => holdsAnswer(text)).length
      const recordedBefore = countRecorded()
      const push = simulator.push(
        openid,
        words
          ? { kind: 'text', text: '怎么申请退款' }
          : { kind: 'click', key: keyOf(key), label: keyOf(key) },
      )
      const isMine = ({ id, content }: TranscriptEntry): boolean =>
        id > from && holdsAnswer(content.kind === 'text' ? content.text : '')
      const count = (): number =>
        simulator.transcript(openid).filter((entry) => isAnswer(entry) && isMine(entry)).length
      const isRecorded = (): boolean => countRecorded() > recordedBefore
      return { point, acknowledged: (await push).state !== 'failed', count, isRecorded }
    },
  }
}

interface Scene {
  readonly cluster: Cluster
  readonly options: KillPointsOptions
  readonly random: () => number
}

interface Kills {
  readonly asked: Asked[]
  readonly missed: string[]
  workLost: number
}

/**
 * Waits until a message is answered and that is recorded. Before, its way is not over: the next order would kill what is
 * still under way of it, and a repeat would be booked to the wrong moment.
 */
const finish = async ({ acknowledged, count, isRecorded }: Asked): Promise<void> => {
  if (!acknowledged || !(await until(() => count() > 0, settleLimitMs))) return
  await until(isRecorded, recordLimitMs)
}

/** Waits until one of the nodes has ended itself; false: none has in time. */
const oneEnds = (nodes: readonly ServerProcess[]): Promise<boolean> =>
  Promise.any(
    nodes.map(async (node) => {
      if (!(await node.hasEnded(reachLimitMs))) throw new Error('it is still at work')
      return true
    }),
  ).catch(() => false)

/**
 * Lets one of the nodes die at a moment, starts it again, and waits until what it was about is done. Which one, nobody
 * knows before: what one node takes may be thought about, sent or done by the other.
 */
const killAt = async (scene: Scene, taker: ServerProcess, point: Point, talk: () => Promise<Asked>) => {
  const { cluster, random } = scene
  const done = (): number => cluster.nodes.reduce((sum, { folder }) => sum + countDone(folder), 0)
  const doneBefore = done()
  const order = { point: point.name, afterMs: Math.floor(random() * middleMs) }
  for (const { folder } of cluster.nodes) arm(folder, order)
  if (point.way === 'work') makeDue(taker.folder)
  const asking = point.way === 'work' ? undefined : talk()
  const died = await oneEnds(cluster.nodes)
  for (const { folder } of cluster.nodes) disarm(folder)
  if (!died) await taker.kill()
  for (const node of cluster.nodes) if (await node.hasEnded(0)) await node.start()
  const one = await asking
  if (one !== undefined) await finish(one)
  // Dead after its work, it was done: what counts is that it is not left undone.
  const isDone = point.way !== 'work' || (await until(() => done() > doneBefore, workLimitMs))
  return { died, one, isDone }
}

const killAll = async (scene: Scene, points: readonly Point[]): Promise<Kills> => {
  const { cluster, options } = scene
  const kills: Kills = { asked: [], missed: [], workLost: 0 }
  const { ask } = openAsking(cluster)
  // A first word each, so that no greeting is mistaken for an answer.
  for (const [place, point] of points.entries())
    if (point.way !== 'work')
      await finish(await ask(cluster.contacts[place] ?? '', { name: 'first', way: 'api' }))
  for (let time = 0; time < options.times; time += 1) {
    for (const [place, point] of points.entries()) {
      // The push goes to each in turn; whichever comes to the moment dies.
      const node = cluster.nodes[time % cluster.nodes.length]
      if (node === undefined) continue
      cluster.route([node])
      const talk = () => ask(cluster.contacts[place] ?? '', point)
      const { died, one, isDone } = await killAt(scene, node, point, talk)
      if (!died) kills.missed.push(point.name)
      if (one !== undefined) kills.asked.push(one)
      if (!isDone) kills.workLost += 1
      options.onKill?.(point.name)
    }
  }
  return kills
}

const runCluster = async (
  options: KillPointsOptions,
  { points, build, passiveBudgetMs }: { points: readonly Point[]; build: string; passiveBudgetMs: number },
) => {
  const cluster = await openCluster({
    ...{ ...options, contacts: points.length, leaseMs, build, passiveBudgetMs },
    // A message that the platform had given up on would be answered in the middle of the next one's way.
    attempts: 40,
  })
  try {
    const scene = { cluster, options, random: createRandom(options.seed) }
    const kills = await killAll(scene, points)
    // What would still be repeated has had the time.
    await delay(leaseMs)
    for (const node of cluster.nodes) await node.stop()
    return { ...kills, marked: await cluster.countMarked() }
  } finally {
    await cluster.dispose()
  }
}

const repeatsOf = (asked: readonly Asked[]): Readonly<Record<string, number>> => {
  const repeats: Record<string, number> = {}
  for (const { point, count } of asked) {
    const more = Math.max(0, count() - 1)
    if (more > 0) repeats[point.name] = (repeats[point.name] ?? 0) + more
  }
  return repeats
}

/**
 * Lets the product die at each of the moments along a message's way, some times each, one message at a time, and
 * compares what the contacts asked with what they were shown. Two runs: answers by the API, answers on the request.
 */
export const killPointsRun = async (options: KillPointsOptions): Promise<KillPointsResult> => {
  const points = killPoints.filter(({ name }) => options.only?.includes(name) ?? true)
  const build = await buildWithKillPoints()
  try {
    const asked: Asked[] = []
    const missed: string[] = []
    let [marked, workLost] = [0, 0]
    for (const passiveBudgetMs of [0, 2_000]) {
      const mine = points.filter(({ way }) => (way === 'ride') === passiveBudgetMs > 0)
      if (mine.length === 0) continue
      const run = await runCluster(options, { points: mine, build, passiveBudgetMs })
      asked.push(...run.asked)
      missed.push(...run.missed)
      marked += run.marked
      workLost += run.workLost
    }
    const known = asked.filter(({ point }) => point.mayRepeat !== true)
    return {
      ...{ points: points.length, kills: points.length * options.times, missed },
      acknowledged: asked.filter(({ acknowledged }) => acknowledged).length,
      answered: asked.filter(({ count }) => count() > 0).length,
      lost: asked.filter(({ acknowledged, count }) => acknowledged && count() === 0).length,
      repeats: repeatsOf(asked),
      needlessRepeats: Object.values(repeatsOf(known)).reduce((sum, more) => sum + more, 0),
      ...{ marked, workLost },
    }
  } finally {
    removeBuild(build)
  }
}
