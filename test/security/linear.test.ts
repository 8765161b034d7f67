// Long texts of one piece again and again, which expressions that go back and forth take minutes for.
import { describe, expect, it } from 'vitest'
import { harmlessName } from '../../channels/email/mime/names.ts'
import { nameFault, nameLook } from '../../src/core/person-name.ts'
import { maskText } from '../../src/log.ts'
import { personalKinds } from '../../src/core/masking.ts'
import { changedNames, factsBeyond } from '../../src/llm/assist/facts.ts'
import {
  addressesIn,
  latinIn,
  namesIn,
  numbersIn,
  promisesMore,
  thingsIn,
} from '../../src/llm/grounding/index.ts'
import {
  createMasker,
  createNormaliser,
  findEntities,
  findIdentifyingLoosely,
  maskPersonal,
} from '../../src/text/index.ts'
import { busyMs, linearMs } from '../support/busy-time.ts'

const pieces = [
  ...['a', '1', ' ', '\t', '\n', '\r\n', '\0', '啊', '😀', '\ud83d', '\u202e', '\u0301', 'ﷺ', '١'],
  ...[
    'a@',
    'a.',
    '@a',
    '.a@a.',
    'a+',
    '+1',
    '1-',
    '138 ',
    'access_token=',
    'token=',
    '&',
    '=',
    '://',
    'a://b:',
    ':@',
  ],
  ...[
    '<',
    '<a ',
    '</',
    '&#',
    '"',
    "'",
    '\\',
    '[',
    '](',
    '**',
    '`',
    '{',
    '(',
    '/',
    '../',
    '%',
    '%2',
    ';',
    '_-',
    '¥1',
  ],
  ...['一', '1啊', '01啊01哦', '1-1', '1.', '一至', '!', 'one ', '年1月'],
] as const

const masker = createMasker(personalKinds)
const normalise = createNormaliser({
  slang: [
    { term: 'dhy', means: '大会员', kind: 'abbreviation' },
    { term: '88', means: '再见', kind: 'mood' },
  ],
})
const readers = {
  'the masking of the log': maskText,
  'the masking of what is shown': (text: string) => masker.text(text),
  'the understanding’s first step': normalise,
  'the finding of orders, numbers and links': findEntities,
  'what is taken out for a model and for records': (text: string) => [
    findIdentifyingLoosely(text),
    findIdentifyingLoosely(`微信号：${text}`),
    findIdentifyingLoosely(`订单号：${text}`),
    maskPersonal(text),
  ],
  'names of files': (text: string) => harmlessName(text, 'file'),
  'the numbers that an answer is held against': (text: string) => [
    // What stands around it decides how it is read.
    numbersIn(`1${text}天`),
    numbersIn(`1-${text}天`),
  ],
  'the addresses that an answer is held against': (text: string) => [
    addressesIn(text),
    addressesIn(`https://${text}`),
    addressesIn(`a@${text}`),
  ],
  'the names that an answer is held against': (text: string) => [
    namesIn(text),
    latinIn(text),
    thingsIn(text),
    promisesMore('1', text),
  ],
  'the facts of what was said': (text: string) => factsBeyond(text)('1'),
  'the names in what was said': (text: string) => changedNames(text, '1', ['啊']),
  'names of people': (text: string) => [nameFault(text), nameLook(text)],
} as const

describe.each(Object.entries(readers))('%s', (_name, read) => {
  // What is compiled at the first call is compiled once.
  read('138 a@b.example token=x')
  it.each(pieces)('takes little time for 50 kB of %j', (piece) => {
    const text = piece.repeat(Math.ceil(50_000 / piece.length)).slice(0, 50_000)
    const took = (end: string): number => {
      const started = busyMs()
      read(text + end)
      return busyMs() - started
    }
    for (const end of ['', '!', '@']) expect(took(end), end).toBeLessThan(linearMs)
  })
})
