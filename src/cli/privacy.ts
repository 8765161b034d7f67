import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { Option, type Command } from 'commander'
import type { PrivacyTool } from '../app/control-privacy.ts'
import { localPrivacyTool } from '../app/privacy-tool.ts'
import { openBlobs } from '../app/store.ts'
import { withStore } from '../app/with-store.ts'
import type { Config } from '../config.ts'
import { TongdaError } from '../core/errors.ts'
import {
  heldKinds,
  pieceKey,
  retainedKinds,
  type ContactExport,
  type Erasure,
  type HeldKind,
  type RetainedKind,
} from '../core/personal-data.ts'
import { createMasker } from '../text/index.ts'
import { readReason } from './reason.ts'
import { loadConfig } from './settings.ts'
import { print } from './terminal.ts'

interface ReasonOption {
  readonly reason: string
}

const withPrivacy = <Result>(
  command: Command,
  work: (tool: PrivacyTool, config: Config) => Promise<Result>,
  { reads = false } = {},
): Promise<Result> => {
  const config = loadConfig(command)
  return withStore(config, {
    reads,
    here: (database) => localPrivacyTool(config, database),
    there: ({ privacy }) => privacy,
    work: (tool) => work(tool, config),
  })
}

const mostReason = 500

/** Reasons are kept for years: what tells of the person in them is not. */
const kept = (config: Config, { reason }: ReasonOption): string =>
  createMasker(config.privacy.mask).text(readReason(reason, '依据什么 on what grounds', mostReason))

/** Looks again until it is over; a running product does it in the background. */
const until = async <Found>(
  look: () => Promise<Found>,
  isOver: (found: Found) => boolean,
): Promise<Found> => {
  for (;;) {
    const found = await look()
    if (isOver(found)) return found
    await pause(500)
  }
}

async function* pieces(config: Config, { id, bytes = 0 }: ContactExport): AsyncGenerator<Uint8Array> {
  const blobs = openBlobs(config)
  for (let [piece, left] = [0, bytes]; left > 0; piece += 1) {
    const found = await blobs.get(pieceKey(id, piece))
    if (found === undefined) throw new TongdaError('media_unavailable', `副本不完整 a piece of ${id} is gone`)
    left -= found.byteLength
    yield found
  }
}

const addExport = (privacy: Command): void => {
  privacy
    .command('export <contact>')
    .description('导出一位联系人的全部个人信息 copy everything that is known of a contact')
    .requiredOption('-r, --reason <text>', '用途，会留痕 why; it is recorded')
    .option('-o, --out <file>', '写到哪个文件 where to write the ZIP; default contact-<id>.zip')
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s tongda -- privacy export 0198c0de-0000-7000-8000-00000000000c -r 本人来信要求',
    )
    .action(async (contact: string, options: ReasonOption & { out?: string }, command: Command) => {
      await withPrivacy(command, async ({ exports }, config) => {
        const asked = await exports.request(contact, kept(config, options))
        const made = await until(
          () => exports.get(asked.contactId, asked.id),
          ({ state }) => state !== 'waiting',
        )
        await exports.note(made.contactId, made.id)
        const file = options.out ?? `contact-${made.contactId}.zip`
        await pipeline(
          Readable.from(pieces(config, made)),
          createWriteStream(file, { flags: 'wx', mode: 0o600 }),
        )
        print(`✓ ${file} (${String(made.bytes ?? 0)} bytes)`)
      })
    })
}

const show = ({ lines, blockedBy }: Erasure): void => {
  for (const { title, rows, fate, why } of lines)
    print(
      `${fate === 'deleted' ? '删除 deleted' : '只留数字 blanked'}  ${String(rows)}  ${title.zh} ${title.en}${why === undefined ? '' : `: ${why.zh} ${why.en}`}`,
    )
  for (const { kind, id, held, state } of blockedBy)
    print(
      `✗ ${kind === 'hold' ? `保全 legal hold ${id}: ${held?.reason ?? ''}` : `投诉未结 complaint ${id}: ${state ?? ''}`}`,
    )
}

const addErase = (privacy: Command): void => {
  privacy
    .command('erase <contact>')
    .description(
      '删除一位联系人的个人信息：先列出，再确认 erase a contact: first shows what goes, then does it',
    )
    .option('-r, --reason <text>', '为什么删除，会留痕 why; it is recorded')
    .option('--confirm', '确认删除，不可恢复 do it; nothing is brought back')
    .option('--cancel', '撤销计划 do not do it after all')
    .action(
      async (
        contact: string,
        options: { reason?: string; confirm?: boolean; cancel?: boolean },
        command: Command,
      ) => {
        const { reason, confirm, cancel } = options
        if ([reason !== undefined, confirm === true, cancel === true].filter(Boolean).length !== 1)
          throw new TongdaError(
            'bad_input',
            '先给 --reason 列出，再 --confirm 或 --cancel give --reason first, then --confirm or --cancel',
          )
        await withPrivacy(command, async ({ erasures }, config) => {
          if (reason !== undefined) {
            show(await erasures.plan(contact, kept(config, { reason })))
            print('  尚未删除 nothing is erased yet: --confirm, or --cancel')
          } else if (cancel === true) {
            await erasures.cancel(contact, undefined)
            print('✓ 已撤销 cancelled')
          } else {
            await erasures.confirm(contact, (await erasures.get(contact)).version)
            await until(
              () => erasures.get(contact),
              ({ state }) => state === 'done',
            )
            print('✓ 已删除 erased')
          }
        })
      },
    )
}

const addHold = (privacy: Command): void => {
  const hold = privacy.command('hold').description('保全：暂不删除 legal holds: what must be kept')
  hold
    .command('list')
    .description('现有的保全 those that stand')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const wanted = { lifted: false, limit: 1_000 }
      const all = await withPrivacy(command, ({ holds }) => holds.list(wanted), { reads: true })
      if (options.json === true) print(JSON.stringify(all))
      else
        for (const { id, objectKind, objectId, reason, setAt } of all)
          print(`${id}  ${setAt.toISOString()}  ${objectKind} ${objectId}  ${reason}`)
    })
  hold
    .command('set <id>')
    .description('保全一位联系人、一个工单或投诉 hold a contact, a ticket or a complaint case')
    .addOption(new Option('-k, --kind <kind>', '是什么 what it is').choices(heldKinds).makeOptionMandatory())
    .requiredOption('-r, --reason <text>', '依据，会留痕 why; it is recorded')
    .action(async (id: string, options: ReasonOption & { kind: HeldKind }, command: Command) => {
      await withPrivacy(command, async ({ holds }, config) => {
        print(`✓ ${(await holds.set({ kind: options.kind, id }, kept(config, options))).id}`)
      })
    })
  hold
    .command('lift <hold>')
    .description('解除保全 lift a hold')
    .requiredOption('-r, --reason <text>', '为什么，会留痕 why; it is recorded')
    .action(async (id: string, options: ReasonOption, command: Command) => {
      await withPrivacy(command, async ({ holds }, config) => {
        await holds.lift(id, kept(config, options), undefined)
        print(`✓ 已解除 lifted: ${id}`)
      })
    })
}

const retainedWords: Readonly<Record<RetainedKind, string>> = {
  messages: '消息 messages',
  tickets: '工单 tickets',
  complaints: '投诉 complaint cases',
  questions: '没答好的问题 unsettled questions',
  suggestions: '建议 suggestions',
  drafts: '未发送的草稿 unsent drafts',
  invitations: '过期的邀请 ended invitations',
}

const addRetention = (privacy: Command): void => {
  privacy
    .command('retention')
    .description(
      '删除超过保存期限的数据 remove what is older than it is kept; 每天自动进行 done daily by itself',
    )
    .option('--dry-run', '只数不删 only count')
    .option('--json', 'as JSON')
    .action(async (options: { dryRun?: boolean; json?: boolean }, command: Command) => {
      const isDry = options.dryRun === true
      const counts = await withPrivacy(command, ({ retention }) => retention(isDry), { reads: isDry })
      const told = retainedKinds.map((kind) => `${retainedWords[kind]} ${String(counts[kind])}`)
      if (options.json === true) print(JSON.stringify(counts))
      else print(`${isDry ? '将删除 would remove' : '✓ 已删除 removed'}: ${told.join(', ')}`)
    })
}

/** Adds `tongda privacy`. */
export const addPrivacy = (program: Command): void => {
  const privacy = program
    .command('privacy')
    .description('联系人的个人信息 personal data of contacts; 产品运行时也可用 works while the product runs')
  addExport(privacy)
  addErase(privacy)
  addHold(privacy)
  addRetention(privacy)
}
