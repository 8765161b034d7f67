import { createHash } from 'node:crypto'
import type { Config } from '../config.ts'
import type { BlobStore } from '../core/blobs.ts'
import { reasonOf, type Check } from '../core/check.ts'
import type { KnownFile } from '../core/copying.ts'
import type { DeepReading } from '../core/deep-check.ts'
import { copyDatabase, createDeepReading, createSealing, type Database } from '../store/index.ts'
import { withSource } from './backup.ts'
import { placeOfKey } from './key-mark.ts'
import { masterKey, openBlobs } from './store.ts'

/** How deep it is looked. */
export interface DeepOptions {
  /** Every file is read, not a sample. */
  readonly allFiles: boolean
}

/** What names many things shows the first ones. */
const first = (things: readonly string[]): string =>
  `${things.slice(0, 5).join('; ')}${things.length > 5 ? `; … (${String(things.length)})` : ''}`

const checkMigrations = async (reading: DeepReading): Promise<Check> => {
  const { lacking, toCome, unknown } = await reading.migrations()
  return {
    title: '数据库结构完整 migrations complete',
    passed: lacking === 0 && unknown === 0,
    fix:
      lacking > 0
        ? `中间缺 ${String(lacking)} 步：从备份恢复到空库 ${String(lacking)} before the last are missing: restore a backup into an empty database`
        : `有 ${String(unknown)} 步不是这个版本的 ${String(unknown)} are not of this version: run the version that made them`,
    ...(toCome > 0
      ? {
          remark: `比本版本旧 ${String(toCome)} 步，下次启动时升级（先备份）${String(toCome)} steps older than this version; the next start makes them, back it up first`,
        }
      : {}),
  }
}

const checkOrphans = async (reading: DeepReading): Promise<Check> => {
  const { tables, rows } = await reading.tables()
  const orphans = await reading.orphans()
  return {
    title: `${String(tables)} 个表 tables, ${String(rows)} 行 rows, 引用完整 references whole`,
    passed: orphans.length === 0,
    fix: `有行指向不存在的行，数据库受过损（断电？）：从备份恢复到空库 rows name what is not there, the database was damaged (a power cut?): restore a backup into an empty database: ${first(orphans.map(({ rule, rows: lost }) => `${rule} (${String(lost)})`))}`,
  }
}

const checkSequences = async (reading: DeepReading): Promise<Check> => {
  const late = await reading.lateSequences()
  return {
    title: '编号连续 sequences ahead of what is taken',
    passed: late.length === 0,
    fix: `停下产品后运行 stop the product, then run: ${first(late.map(({ sequence, most }) => `select setval('${sequence}', ${String(most)})`))}`,
  }
}

const checkSecrets = async (config: Config, reading: DeepReading): Promise<Check> => {
  const sealed = await reading.sealed()
  const title = `${String(sealed.length)} 个加密的值能打开 encrypted values open`
  const place = placeOfKey(config)
  if (place === undefined)
    return {
      title,
      passed: sealed.length === 0,
      fix: '没有主密钥：把原来的 master.key 放回数据目录，或设置 TONGDA_MASTER_KEY there is no master key: put master.key back into the data folder, or set TONGDA_MASTER_KEY',
    }
  const { unseal } = createSealing(masterKey(config))
  const shut = sealed.filter((value) => unseal(value.sealed) === undefined).map(({ where }) => where)
  return {
    title,
    passed: shut.length === 0,
    fix: `这个主密钥打不开：换回原来的 (${place})，或重新设置它们 this master key does not open them: put the old one in its place (${place}), or set them anew: ${first(shut)}`,
  }
}

const soon = 5 * 60_000

const minutes = (ms: number): string => `${String(Math.round(ms / 60_000))} 分钟 min`

const checkWaiting = async (reading: DeepReading): Promise<readonly Check[]> => {
  const { messageMs, turnMs } = await reading.oldest()
  return [
    {
      title: `最早待发的消息等了 the oldest message that could go has waited ${minutes(messageMs)}`,
      passed: messageMs < soon,
      fix: '产品没在运行，或发送停了：看日志里的 a delivery failed 与收件箱状态 the product does not run, or sending has stopped: look for "a delivery failed" in its log and run tongda inbox list',
    },
    {
      title: `最早待答的会话等了 the oldest conversation to be answered has waited ${minutes(turnMs)}`,
      passed: turnMs < soon,
      fix: '产品没在运行，或回答停了：启动它，看它的日志 the product does not run, or answering has stopped: start it and look at its log',
    },
  ]
}

/** Promised times go by the database's clock, tokens and signatures by this machine's. */
const tolerableMs = 2_000

const checkClock = async (reading: DeepReading): Promise<Check> => {
  const ms = Math.round(await reading.clockAheadMs())
  return {
    title: `时钟与数据库相差 clock differs from the database's by ${String(Math.abs(ms))} ms`,
    passed: Math.abs(ms) < tolerableMs,
    fix: '在这台机器和数据库的机器上校时（NTP） set both clocks by NTP, here and on the database’s machine',
  }
}

const sampled = 200

const faultOf = async (blobs: Pick<BlobStore, 'get'>, file: KnownFile): Promise<string | undefined> => {
  const bytes = await blobs.get(file.id)
  if (bytes === undefined) return `${file.id} 不在 is not there`
  if (bytes.byteLength !== file.bytes) return `${file.id} 大小不同 has another size`
  return createHash('sha256').update(bytes).digest('hex') === file.sha256
    ? undefined
    : `${file.id} 内容不同 has other content`
}

/** Ids are random, so the first ones are as good a sample as any. */
const checkFiles = async (config: Config, database: Database, { allFiles }: DeepOptions): Promise<Check> => {
  const blobs = openBlobs(config)
  const faults: string[] = []
  let known = 0
  let looked = 0
  await copyDatabase.read(database, async (source) => {
    for await (const some of source.files()) {
      known += some.length
      for (const file of some) {
        if (!allFiles && looked >= sampled) break
        looked += 1
        const fault = await faultOf(blobs, file)
        if (fault !== undefined) faults.push(fault)
      }
    }
  })
  return {
    title: `文件 files: ${String(looked)} / ${String(known)} 查过 looked at`,
    passed: faults.length === 0,
    fix: `从备份里取回它们 (media/<id>) 放进媒体目录或存储桶 take them (media/<id>) from a backup and put them into the media folder or bucket: ${first(faults)}`,
    ...(looked < known
      ? { remark: '只抽查；--all-files 查全部 a sample; --all-files looks at every one' }
      : {}),
  }
}

/** A look that fails is a finding of its own. */
const orFault = async (
  title: string,
  look: () => Promise<Check | readonly Check[]>,
): Promise<readonly Check[]> => {
  try {
    return [await look()].flat()
  } catch (error) {
    return [{ title, passed: false, fix: reasonOf(error) }]
  }
}

/** Looks into the whole database and at the files; changes nothing. A running product is asked for a copy first. */
export const examineDeeply = (config: Config, options: DeepOptions): Promise<readonly Check[]> =>
  orFault('深入检查 deep look', () =>
    withSource(config, async (database) => {
      const reading = createDeepReading(database)
      // One after another: what the clock says must not wait for what reads tables.
      return [
        ...(await orFault('时钟 clock', () => checkClock(reading))),
        ...(await orFault('数据库结构 migrations', () => checkMigrations(reading))),
        ...(await orFault('引用 references', () => checkOrphans(reading))),
        ...(await orFault('编号 sequences', () => checkSequences(reading))),
        ...(await orFault('加密的值 encrypted values', () => checkSecrets(config, reading))),
        ...(await orFault('等待 waiting', () => checkWaiting(reading))),
        ...(await orFault('文件 files', () => checkFiles(config, database, options))),
      ]
    }),
  )
