import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  changeOf,
  changesNothing,
  holidaySet,
  maxImportBytes,
  previewImport,
  readImport,
} from '../../src/calendar/index.ts'
import type { ImportedSet } from '../../src/core/calendar.ts'

const origin = { source: 'test', importedAt: new Date('2026-11-27T00:00:00Z'), importedBy: 'li' }
const wordsOf = (text: string, options = {}) =>
  readImport(text, options).days.map(({ date, rule, name = '' }) => `${date} ${rule.kind} ${name}`.trim())
const faultsOf = (text: string, options = {}) =>
  readImport(text, options).faults.map(({ line, problem }) => `${String(line)}: ${problem}`)

const notice = `国务院办公厅关于2025年
部分节假日安排的通知
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2025年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。
国务院办公厅
2024年11月12日`

describe('pasted lines', () => {
  it('reads single dates and ranges, with names, hours and weekdays', () => {
    const text =
      '# 明年\n2027-01-01 休\n2027-02-07 班\n2027-10-01~2027-10-02 休 国庆节\n2027/12/24（周五） 09:00-12:00, 13:00-15:00 半天\n12月25日 like tue\n'
    expect(wordsOf(text, { year: 2027 })).toEqual([
      '2027-01-01 closed',
      '2027-02-07 workday',
      '2027-10-01 closed 国庆节',
      '2027-10-02 closed 国庆节',
      '2027-12-24 hours 半天',
      '2027-12-25 workday',
    ])
  })

  it('reads a sentence of the notice with a given year', () => {
    const text = '5月1日至5日放假调休，共5天。4月26日（星期日）上班'
    expect(wordsOf(text, { year: 2020 })).toEqual([
      '2020-05-01 closed',
      '2020-05-02 closed',
      '2020-05-03 closed',
      '2020-05-04 closed',
      '2020-05-05 closed',
      '2020-04-26 workday',
    ])
    expect(faultsOf(text, { year: 2027 })).toEqual(['1: 2027-04-26 是周一，不是 is not 星期日'])
    expect(faultsOf(text)[0]).toContain('没有年份')
  })

  it('reads a whole notice as what ships with the product says, and knows its year', () => {
    const read = readImport(notice)
    expect(read.faults).toEqual([])
    expect(read.known).toEqual({ from: '2025-01-01', until: '2025-12-31' })
    const preview = previewImport('cn', read, [])
    expect([preview.added, preview.changed]).toEqual([[], []])
    expect(preview.unchanged).toHaveLength(28 + 5)
    expect(changesNothing(preview)).toBe(true)
    expect(read.skipped).toHaveLength(7)
  })

  it('reads a year that turns, 补休, and leaves wishes alone', () => {
    expect(wordsOf('一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。')).toHaveLength(3)
    expect(wordsOf('2026年12月31日至1月2日放假')).toEqual([
      '2026-12-31 closed',
      '2027-01-01 closed',
      '2027-01-02 closed',
    ])
    expect(
      wordsOf('1月1日放假，1月2日（星期一）补休。鼓励安排职工在除夕（1月27日）休息。', { year: 2017 }),
    ).toEqual(['2017-01-01 closed', '2017-01-02 closed'])
  })

  it.each([
    ['2027-02-30 休', '1: 2027年2月30日 不存在'],
    ['\n2027-10-07~2027-10-01 休', '2: 2027-10-01 早于'],
    ['2027-01-01~2029-01-01 休', '1: 2027-01-01 至'],
    ['hello', '1: "hello" 看不懂'],
    ['1月1日 休', '1: 1月1日 没有年份'],
    ['2027-01-01 xx', '1: "xx" says nothing'],
    ['2027-01-01 09:00-12:00, 11:00-13:00', '1: "09:00-12:00, 11:00-13:00"'],
    ['2027-01-01 09:00-09:00', '1: "09:00-09:00" begins and ends at once'],
    ['2027-01-01 休\n2027-01-01 班', '2: 2027-01-01 是 is workday，第 1 行'],
    ['2027-03-03（周五） 休', '1: 2027-03-03 是周三'],
    ['2027年5月1日至5日放假，共4天', '1: 写着4天，日期却是5天'],
    ['2027年5月1日放假，2027年5月2日。', '1: 2027-05-02 没说放假还是上班'],
    ['2027年5月1日放假\n2027-03-04', '2: "2027-03-04" 看不懂'],
  ])('refuses %j and says why', (text, problem) => {
    const { faults } = readImport(text)
    expect(faults).toHaveLength(1)
    expect(`${String(faults[0]?.line)}: ${faults[0]?.problem ?? ''}`).toContain(problem)
    expect(faults[0]?.fix).not.toBe('')
    expect(() => changeOf(previewImport('cn', readImport(text), []), origin)).toThrow('什么都没有导入')
  })

  it('refuses ten megabytes before it reads them', () => {
    expect(() => readImport('2027-01-01 休\n'.repeat(600_000))).toThrow('larger than 1 MB')
    expect(readImport('#'.repeat(maxImportBytes)).days).toEqual([])
  })
})

describe('JSON', () => {
  it('reads our own shape', () => {
    const text = JSON.stringify({
      knownUntil: '2027-12-31',
      days: [
        { date: '2027-01-01', is: '休', name: '元旦' },
        { from: '2027-10-01', to: '2027-10-02', is: 'closed' },
        { date: '2027-12-24', is: '09:00-12:00' },
      ],
    })
    expect(wordsOf(text)).toEqual([
      '2027-01-01 closed 元旦',
      '2027-10-01 closed',
      '2027-10-02 closed',
      '2027-12-24 hours',
    ])
    expect(readImport(text).known).toEqual({ until: '2027-12-31' })
  })

  it('reads the shape of holiday-cn; a part of a year does not make it known', () => {
    const days = [
      { name: '元旦', date: '2027-01-01', isOffDay: true },
      { name: '国庆节', date: '2027-10-01', isOffDay: true },
      { name: '国庆节', date: '2027-10-09', isOffDay: false },
    ]
    const whole = readImport(JSON.stringify({ year: 2027, papers: ['https://www.gov.cn/'], days }))
    expect(whole.days.map(({ rule }) => rule.kind)).toEqual(['closed', 'closed', 'workday'])
    expect(whole.known).toEqual({ from: '2027-01-01', until: '2027-12-31' })
    expect(readImport(JSON.stringify({ year: 2027, days: days.slice(1) })).known).toBeUndefined()
    expect(faultsOf(JSON.stringify({ year: 2028, days: [] }))[0]).toContain('not announced yet')
  })

  it('names the line of what is wrong', () => {
    const text =
      '{"days": [\n  {"date": "2027-01-01", "is": "休"},\n  {"date": "2027-02-30", "is": "休"},\n  {"date": "2027-03-01", "is": "?"},\n  {"from": "2027-03-02", "is": "休"}\n]}'
    expect(readImport(text).faults.map(({ line }) => line)).toEqual([3, 4, 5])
    expect(readImport('{\n "days": [\n}').faults[0]?.line).toBe(3)
    expect(faultsOf('[1]')).toHaveLength(1)
  })
})

const event = (...lines: readonly string[]): string =>
  ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT'].join('\r\n')
const calendar = (...events: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...events, 'END:VCALENDAR', ''].join('\r\n')

describe('iCalendar', () => {
  it('reads 休 and 班, all day and timed', () => {
    const text = calendar(
      event('DTSTART;VALUE=DATE:20271001', 'DTEND;VALUE=DATE:20271003', 'SUMMARY:国庆节（休）'),
      event('DTSTART;VALUE=DATE:20271009', 'SUMMARY:国庆节(班)'),
      event('DTSTART:20271224T090000', 'DTEND:20271224T120000', 'SUMMARY:值班'),
      event('DTSTART;TZID=Asia/Shanghai:20271224T140000', 'DURATION:PT2H', 'SUMMARY:值班'),
      event('DTSTART;VALUE=DATE:20270915', 'SUMMARY:中秋节'),
      event('DTSTART;VALUE=DATE:20270916', 'SUMMARY:休', 'STATUS:CANCELLED'),
    )
    expect(wordsOf(text)).toEqual([
      '2027-10-01 closed 国庆节',
      '2027-10-02 closed 国庆节',
      '2027-10-09 workday 国庆节',
      '2027-12-24 hours 值',
    ])
    expect(readImport(text).days.at(-1)?.rule).toEqual({
      kind: 'hours',
      spans: [
        { from: 540, to: 720 },
        { from: 840, to: 960 },
      ],
    })
    expect(readImport(text).skipped.map(({ text: left }) => left)).toEqual(['中秋节', '休'])
    expect(wordsOf(text, { unmarked: 'closed' })).toContain('2027-09-15 closed 中秋节')
  })

  it('refuses what repeats, what closes a part of a day, and UTC, with the line', () => {
    const text = calendar(
      event('DTSTART;VALUE=DATE:20271001', 'SUMMARY:休', 'RRULE:FREQ=YEARLY'),
      event('DTSTART:20271224T090000', 'DTEND:20271224T120000', 'SUMMARY:休'),
      event('DTSTART:20271225T090000Z', 'DTEND:20271225T120000Z', 'SUMMARY:班'),
      event('SUMMARY:班'),
    )
    expect(readImport(text).faults.map(({ line }) => line)).toEqual([3, 9, 15, 21])
    expect(readImport('BEGIN:VCALENDAR\nBEGIN:VEVENT\nnonsense').faults[0]?.problem).toContain('iCalendar')
  })

  it('reads the calendar that chinese-days publishes as its own data', () => {
    const file = createRequire(import.meta.url).resolve('chinese-days/dist/years/2026.ics')
    const preview = previewImport('cn', readImport(readFileSync(file, 'utf8')), [])
    expect(preview.faults).toEqual([])
    expect([preview.added, preview.changed]).toEqual([[], []])
    expect(preview.unchanged).toHaveLength(33 + 6)
  })
})

describe('what an import changes', () => {
  const applied = (text: string, before: readonly ImportedSet[] = []): ImportedSet => {
    const change = changeOf(previewImport('cn', readImport(text), before), origin)
    return { ...change, days: change.days.map((day) => ({ ...day, ...origin })) }
  }

  it('is told as added, changed and unchanged, and is nothing the second time', () => {
    const text = '2026-10-01 休\n2026-10-10 休\n2027-01-01 休 元旦\n已知至 2027-12-31'
    const preview = previewImport('cn', readImport(text), [])
    expect(preview.unchanged).toEqual(['2026-10-01'])
    expect(preview.changed).toMatchObject([{ date: '2026-10-10', before: { kind: 'workday' }, line: 2 }])
    expect(preview.added).toMatchObject([{ date: '2027-01-01', name: '元旦', line: 3 }])
    expect(preview.knownUntil).toEqual({ before: '2026-12-31', after: '2027-12-31' })
    expect(changesNothing(previewImport('cn', readImport(text), [applied(text)]))).toBe(true)
    expect(holidaySet('cn', [applied(text)])).toMatchObject({ knownUntil: '2027-12-31' })
  })

  it('takes a day back with 平', () => {
    const set = holidaySet('cn', [applied('2026-10-10 平')])
    expect(set.days.get('2026-10-10')).toEqual({ rule: { kind: 'ordinary' } })
  })

  it('does not move the end of knowledge back, nor over a year nobody told', () => {
    expect(previewImport('cn', readImport('已知至 2025-12-31'), []).knownUntil.after).toBe('2026-12-31')
    const year = (one: number) =>
      JSON.stringify({
        year: one,
        days: ['01-01', '10-01'].map((date) => ({ date: `${String(one)}-${date}`, isOffDay: true })),
      })
    expect(previewImport('cn', readImport(year(2028)), [])).toMatchObject({
      knownUntil: { after: '2026-12-31' },
      gap: { from: '2027-01-01', to: '2027-12-31' },
    })
    expect(previewImport('cn', readImport(year(2027)), []).knownUntil.after).toBe('2027-12-31')
  })
})
