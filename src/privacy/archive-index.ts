import type { Bilingual } from '../core/personal-data.ts'

/** A line of the index and the manifest. */
export interface Listed {
  readonly name: string
  readonly title?: Bilingual
  readonly count?: number
  readonly bytes: number
  readonly sha256: string
}

interface Facts {
  readonly madeAt: Date
  /** Ids of files whose bytes are not there any more. */
  readonly missing: readonly string[]
}

const lines = (listed: readonly Listed[], language: 'zh' | 'en'): readonly string[] =>
  listed
    .filter(({ title, count }) => title !== undefined && count !== 0)
    .map(({ name, title, count }) => `| ${name} | ${title?.[language] ?? ''} | ${String(count ?? 1)} |`)

/** What is in the archive, for the person it is about: first in Chinese, then in English. */
export const writeIndex = (listed: readonly Listed[], { madeAt, missing }: Facts): string =>
  [
    '# 您的个人信息副本',
    '',
    `制作时间：${madeAt.toISOString()}。这里是本客服系统保存的、与您有关的全部个人信息：您说过的话、我们对您说过的话、您提交的文件、工单、投诉、建议与调研回答。data 目录下是可读的 JSON，files 目录下是图片与文件，manifest.json 列出每个文件的 SHA-256。`,
    '',
    '不包括：客服之间的内部备注与处理经过（其中涉及他人和内部判断）、投诉中对方提交的材料与对对方的告知（属于对方的个人信息）。',
    '',
    '| 文件 | 内容 | 条数 |',
    '| --- | --- | --- |',
    ...lines(listed, 'zh'),
    ...(missing.length === 0 ? [] : ['', `已不存在的文件：${missing.join('、')}`]),
    '',
    '# Your personal data',
    '',
    `Made at ${madeAt.toISOString()}. This is all personal data about you that this customer service keeps: what you said, what was said to you, files you handed in, tickets, complaints, suggestions and answers to surveys. The folder data holds readable JSON, the folder files pictures and files; manifest.json lists the SHA-256 of each.`,
    '',
    'Left out: internal notes of agents and how matters were worked on (they tell of others and of internal judgement); in complaints, what the other side handed in and was told (their personal data).',
    '',
    '| File | What | Number |',
    '| --- | --- | --- |',
    ...lines(listed, 'en'),
    ...(missing.length === 0 ? [] : ['', `Files that are not there any more: ${missing.join(', ')}`]),
    '',
  ].join('\n')
