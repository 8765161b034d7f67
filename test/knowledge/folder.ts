import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A content folder on disk that a test fills. */
export interface ContentFolder {
  readonly path: string
  write(file: string, content: string | Uint8Array): Promise<void>
  drop(): Promise<void>
}

export const createFolder = async (files: Readonly<Record<string, string>> = {}): Promise<ContentFolder> => {
  const path = await mkdtemp(join(tmpdir(), 'tongda-content-'))
  const write = async (file: string, content: string | Uint8Array): Promise<void> => {
    const target = join(path, file)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content)
  }
  for (const [file, text] of Object.entries(files)) await write(file, text)
  return { path, write, drop: () => rm(path, { recursive: true, force: true }) }
}

/** An article file; `front` replaces or adds lines of the front matter. */
export const articleText = (
  front: Readonly<Record<string, string>> = {},
  body = '先看订单记录。\n1. 打开钱包。',
): string => {
  const fields = {
    id: 'refund-how',
    topic: 'refund',
    question: '怎么退款',
    similar: '[退钱, 我要退款]',
    ...front,
  }
  const lines = Object.entries(fields).map(([key, value]) => `${key}: ${value}`)
  return `---\n${lines.join('\n')}\n---\n${body}\n`
}
