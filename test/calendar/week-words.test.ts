import { describe, expect, it } from 'vitest'
import { buildCalendars, calendarsConfig, weekWords } from '../../src/calendar/index.ts'

const words = (hours: Record<string, string>, language: 'zh' | 'en' = 'zh', timezone?: string): string => {
  const [calendar] = buildCalendars(
    calendarsConfig.parse({ hotline: { hours, ...(timezone === undefined ? {} : { timezone }) } }),
    [],
  )
  return calendar === undefined ? '' : weekWords(calendar, language)
}

describe('weekly hours in words', () => {
  it('are one for every day that is alike', () => {
    expect(words({ daily: '10:00-18:00' })).toBe('每天 10:00–18:00')
    expect(words({ daily: '10:00-18:00' }, 'en')).toBe('10:00–18:00 every day, China time')
  })

  it('join days that follow one another and leave out closed ones', () => {
    const hours = { daily: '09:00-12:00, 13:00-18:00', sat: '10:00-16:00', sun: 'closed' }
    expect(words(hours)).toBe('周一至周五 09:00–12:00、13:00–18:00，周六 10:00–16:00')
    expect(words(hours, 'en')).toBe(
      '09:00–12:00 and 13:00–18:00 Monday to Friday, 10:00–16:00 on Saturdays, China time',
    )
    expect(words({ mon: '09:00-18:00', wed: '09:00-18:00' })).toBe('周一 09:00–18:00，周三 09:00–18:00')
  })

  it('write nights and whole days as they are, and other zones by their names', () => {
    expect(words({ daily: '22:00-06:00' })).toBe('每天 22:00–06:00')
    expect(words({ daily: '00:00-24:00' })).toBe('每天 00:00–24:00')
    expect(words({ daily: '09:00-17:00' }, 'en', 'Europe/Berlin')).toBe(
      '09:00–17:00 every day, Europe/Berlin',
    )
  })
})
