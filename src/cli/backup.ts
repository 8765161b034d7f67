import type { Command } from 'commander'
import { backUp } from '../app/backup.ts'
import { placeOfKey } from '../app/key-mark.ts'
import { move, restore, type Restored } from '../app/restore.ts'
import type { Manifest } from '../backup/index.ts'
import { createCopyProgress, waitingLine } from './copying.ts'
import { loadConfig } from './settings.ts'
import { print, remark } from './terminal.ts'

const rowsOf = ({ tables }: Manifest): number => tables.reduce((sum, { rows }) => sum + rows, 0)

/** What programs read: the manifest without the lists of parts. */
const summary = ({ tables, files, ...rest }: Manifest) => ({
  ...rest,
  tables: tables.map(({ name, rows, checksum }) => ({ name, rows, checksum })),
  files: {
    ...{ store: files.store, included: files.included, known: files.known },
    ...{ copied: files.parts.length, missing: files.missing },
  },
})

/** Ctrl-C and a stop leave nothing half-written. */
const untilStopped = async <Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> => {
  const stop = new AbortController()
  const abort = (): void => stop.abort(new Error('已中断，没有留下文件 broken off; nothing was left'))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, abort)
  try {
    return await work(stop.signal)
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, abort)
  }
}

const countsLine = (manifest: Manifest): string =>
  `${String(manifest.tables.length)} 个表 tables, ${String(rowsOf(manifest))} 行 rows, ${String(manifest.files.parts.length)} 个文件 files`

const tellFiles = ({ files }: Manifest): void => {
  if (!files.included && files.known > 0)
    remark(
      `· 文件在存储桶里，没有复制；要复制请加 --media the ${String(files.known)} files stay in the bucket; --media copies them too`,
    )
  if (files.missing.length > 0)
    remark(
      `· ${String(files.missing.length)} 个文件不在或不完整 files are not there or not whole; tongda doctor --deep 会列出 lists them`,
    )
}

const addBackup = (program: Command): void => {
  program
    .command('backup <file|folder>')
    .description(
      '备份数据库与文件，产品运行时也可用 back up database and files of one moment; works while the product runs',
    )
    .option('--media', '存储桶里的文件也复制 copy the files of a bucket too')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s tongda -- backup /backups/tongda-2026-11-28.tar.gz\n  npm run -s tongda -- backup /backups/today --media',
    )
    .action(async (path: string, options: { media?: boolean; json?: boolean }, command: Command) => {
      const config = loadConfig(command)
      const { tell, end } = createCopyProgress()
      const manifest = await untilStopped((signal) =>
        backUp(config, { path, signal, media: options.media === true, progress: tell }),
      ).finally(end)
      if (options.json === true) print(JSON.stringify({ path, ...summary(manifest) }))
      else print(`✓ ${path}: ${countsLine(manifest)}`)
      tellFiles(manifest)
      remark(
        `· 主密钥不在备份里，请另行保管 the master key is not in it; without it stored secrets do not open. Keep it elsewhere: ${placeOfKey(config) ?? '(none yet)'}`,
      )
    })
}

const keyLine: Readonly<Record<Restored['key'], string | undefined>> = {
  same: undefined,
  unknown: undefined,
  none: '· 还没有主密钥：启动前把原来的 master.key 放进数据目录，或设置 TONGDA_MASTER_KEY there is no master key yet: before the start put the old master.key into the data folder, or set TONGDA_MASTER_KEY',
  other:
    '· 主密钥与备份的不同：启动前换成原来的，否则加密的内容打不开 the master key here is not the backup’s: put the old one in its place before the start, or stored secrets do not open',
}

const tellRestored = ({ manifest, key }: Restored, held: boolean): void => {
  tellFiles(manifest)
  remark(`· ${waitingLine(manifest.waiting)}`)
  if (manifest.waiting.messages > 0)
    remark(
      held
        ? '· 消息已停放，不会发出；tongda replay --reason held_by_restore 会列出，加 --all 重发（会标为可能重复） they are parked and will not go; tongda replay --reason held_by_restore lists them, with --all sends them, marked as possibly repeated'
        : '· 启动后它们会发出并标为可能重复，因为备份之后也许已经发过；要停放请在空库上加 --hold 再恢复 they go out once the product starts, marked as possibly repeated, since they may have gone after the backup; to park them, restore into an empty database with --hold',
    )
  const line = keyLine[key]
  if (line !== undefined) remark(line)
}

const addRestore = (program: Command): void => {
  program
    .command('restore <file|folder>')
    .description(
      '恢复到空的数据目录或空的 PostgreSQL restore a backup into an empty data folder or PostgreSQL database',
    )
    .option('--hold', '未发出的消息停放，不发 park messages that had not gone instead of sending them')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  TONGDA_DATA_DIR=/srv/tongda-new npm run -s tongda -- restore /backups/tongda-2026-11-28.tar.gz --hold',
    )
    .action(async (path: string, options: { hold?: boolean; json?: boolean }, command: Command) => {
      const hold = options.hold === true
      const { tell, end } = createCopyProgress()
      const restored = await restore(loadConfig(command), { path, hold, progress: tell }).finally(end)
      const { manifest, key } = restored
      if (options.json === true) print(JSON.stringify({ path, held: hold, key, ...summary(manifest) }))
      else
        print(
          `✓ 已恢复 restored: ${countsLine(manifest)}; 备份于 made ${manifest.madeAt.toISOString()} (${manifest.product})`,
        )
      tellRestored(restored, hold)
    })
}

const addMove = (program: Command): void => {
  program
    .command('move')
    .description(
      '把停着的产品搬到另一种数据库，来源不动 copy a stopped product to the other kind of database; the source stays',
    )
    .requiredOption('--to <place>', 'postgres://… 或 or 一个新的数据目录 a new data folder')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s tongda -- move --to postgres://tongda@db.internal/tongda\n  DATABASE_URL=postgres://… npm run -s tongda -- move --to /srv/tongda-data',
    )
    .action(async (options: { to: string; json?: boolean }, command: Command) => {
      const { tell, end } = createCopyProgress()
      const moved = await move(loadConfig(command), { to: options.to, progress: tell }).finally(end)
      if (options.json === true) print(JSON.stringify(moved))
      else
        print(
          `✓ 已搬 moved: ${String(moved.tables)} 个表 tables, ${String(moved.rows)} 行 rows, ${String(moved.files)} 个文件 files`,
        )
      remark(`· ${waitingLine(moved.waiting)}`)
      remark(
        moved.to === 'postgres'
          ? '· 现在设置 DATABASE_URL 再启动；文件和主密钥仍在数据目录 now set DATABASE_URL and start; files and master key stay in the data folder'
          : '· 现在去掉 DATABASE_URL，把 TONGDA_DATA_DIR 设为它再启动 now start without DATABASE_URL and with TONGDA_DATA_DIR set to it',
      )
    })
}

/** Adds `tongda backup`, `tongda restore` and `tongda move`. */
export const addBackups = (program: Command): void => {
  for (const add of [addBackup, addRestore, addMove]) add(program)
}
