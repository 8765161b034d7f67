import { readFile, stat, writeFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import type { KnowledgeTerminal, ReadImport } from '../app/knowledge-lines.ts'
import { TongdaError } from '../core/errors.ts'
import type { ExchangeFormat } from '../core/exchange.ts'
import { readReason } from './reason.ts'
import { checkLine, print } from './terminal.ts'
import { withKnowledge } from './with-knowledge.ts'

const formats: Readonly<Record<string, ExchangeFormat>> = {
  '.csv': 'csv',
  '.xlsx': 'xlsx',
  '.zip': 'markdown',
}

const formatOf = (file: string): ExchangeFormat => {
  const format = formats[extname(file).toLowerCase()]
  if (format === undefined)
    throw new TongdaError(
      'bad_input',
      `不认识的文件类型 unknown kind of file: ${file}; 用 .csv、.xlsx 或 .zip（Markdown 文章）use .csv, .xlsx, or .zip of Markdown articles`,
    )
  return format
}

const mostBytes = 5_000_000

const readWhole = async (file: string): Promise<Uint8Array> => {
  try {
    const { size } = await stat(file)
    if (size <= mostBytes) return await readFile(file)
  } catch (error) {
    throw new TongdaError(
      'bad_input',
      `读不了 cannot read ${file}: ${error instanceof Error ? error.message : ''}`,
    )
  }
  throw new TongdaError(
    'bad_input',
    `${file} 超过 5 MB；分成几个文件 is larger than 5 MB; split it into several files`,
  )
}

const addExport = (kb: Command): void => {
  kb.command('export <file>')
    .description(
      '把生效的全部文章写成 .csv、.xlsx 或 .zip（Markdown）write all live articles; 产品运行时也可用 works while the product runs',
    )
    .option('--force', '覆盖已有的文件 replace a file that is there')
    .action(async (file: string, options: { force?: boolean }, command: Command) => {
      const format = formatOf(file)
      const bytes = await withKnowledge(command, (knowledge) => knowledge.write(format), { reads: true })
      await writeFile(file, bytes, { flag: options.force === true ? 'w' : 'wx' }).catch((error: unknown) => {
        throw new TongdaError(
          'bad_input',
          `写不了 cannot write ${file}: ${error instanceof Error ? error.message : ''}; 换个文件名，或加 --force another name, or --force to replace it`,
        )
      })
      print(`✓ ${file}  ${String(bytes.byteLength)} bytes`)
    })
}

const doings = {
  add: '新增 added',
  change: '修改 changed',
  retire: '停用 retired',
  same: '不变 the same',
  faulty: '有错 faulty',
} as const

type Does = keyof typeof doings

const showPreview = ({ rows }: ReadImport): void => {
  for (const { row, articleId = '', does, fields, faults } of rows) {
    if (does === 'same') continue
    print(
      checkLine(does !== 'faulty', `${row}  ${articleId}  ${doings[does]}  ${fields.join(', ')}`.trimEnd()),
    )
    for (const { column, problem, fix } of faults) print(`    ${column}: ${problem}; ${fix}`)
  }
  const counted = Object.keys(doings) as Does[]
  print(
    counted
      .map((does) => `${doings[does]} ${String(rows.filter((row) => row.does === does).length)}`)
      .join(', '),
  )
}

interface ImportOptions {
  readonly apply?: boolean
  readonly reason?: string
  readonly skipFaulty?: boolean
  readonly json?: boolean
}

const applyRead = async (
  knowledge: KnowledgeTerminal,
  { id, rows }: ReadImport,
  { reason = '', skipFaulty }: ImportOptions,
): Promise<readonly string[]> => {
  const faulty = rows.filter(({ does }) => does === 'faulty').length
  if (faulty > 0 && skipFaulty !== true)
    throw new TongdaError(
      'bad_input',
      `${String(faulty)} 行有错，什么都没做；改好再来，或加 --skip-faulty 只用其余的行 rows are faulty, nothing was done; mend them, or take the others alone with --skip-faulty`,
    )
  return (await knowledge.apply(id, reason)).draftIds
}

const runImport = async (
  knowledge: KnowledgeTerminal,
  { file, bytes }: { readonly file: string; readonly bytes: Uint8Array },
  options: ImportOptions,
): Promise<void> => {
  const read = await knowledge.read({ format: formatOf(file), name: basename(file), bytes })
  if (options.json !== true) showPreview(read)
  const draftIds = options.apply === true ? await applyRead(knowledge, read, options) : []
  if (options.json === true) print(JSON.stringify({ ...read, draftIds }))
  else if (options.apply === true)
    print(
      `✓ ${String(draftIds.length)} 份草稿，等待审核 drafts wait for review; 撤销 undo: npm run -s tongda -- kb undo ${read.id}`,
    )
  else
    print(
      '只是预览，什么都没改；加 --apply 做成草稿 a preview only; make drafts of it with --apply --reason <why>',
    )
  if (options.apply !== true && read.rows.some(({ does }) => does === 'faulty')) process.exitCode = 1
}

const addImport = (kb: Command): void => {
  kb.command('import <file>')
    .description(
      '预览文件会改哪些文章，--apply 才做成草稿 shows what a file would change, row by row; --apply makes drafts of it; 产品运行时也可用 works while the product runs',
    )
    .option('--apply', '做成草稿 make drafts, which are reviewed and published as all are')
    .option('-r, --reason <why>', '原因，与 --apply 同用 why, with --apply')
    .option('--skip-faulty', '有错的行不要，其余照做 leave faulty rows out and take the others')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s tongda -- kb import 会员.xlsx\n  npm run -s tongda -- kb import 会员.xlsx --apply --reason "会员价格调整 new prices"',
    )
    .action(async (file: string, options: ImportOptions, command: Command) => {
      const reason = options.apply === true ? readReason(options.reason, '为什么改 why it is edited') : ''
      formatOf(file)
      const bytes = await readWhole(file)
      await withKnowledge(command, (knowledge) =>
        runImport(knowledge, { file, bytes }, { ...options, reason }),
      )
    })
}

const isImportId = (text: string): boolean => z.uuid().safeParse(text).success

const addUndo = (kb: Command): void => {
  kb.command('undo <import>')
    .description(
      '撤销一次导入，它的草稿作废；已发布的用 rollback discards the drafts of an import; rollback is for what is published',
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      if (!isImportId(id))
        throw new TongdaError(
          'bad_input',
          `不是导入的编号 ${id} is no id of an import; kb import --apply 会给出它 tells it`,
        )
      await withKnowledge(command, async (knowledge) => {
        const { draftIds } = await knowledge.undo(id)
        print(`✓ 已作废 discarded: ${String(draftIds.length)} 份草稿 drafts`)
      })
    })
}

/** Adds `tongda kb export`, `import` and `undo`. */
export const addKnowledgeExchange = (kb: Command): void => {
  addExport(kb)
  addImport(kb)
  addUndo(kb)
}
