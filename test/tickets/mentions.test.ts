import { describe, expect, it } from 'vitest'
import { mentionedIn } from '../../src/core/mention.ts'

const colleagues = [
  { id: 'li', name: '李然' },
  { id: 'li2', name: '李然然' },
  { id: 'ann', name: 'Ann' },
  { id: 'anna', name: 'Anna' },
  { id: 'twin', name: '李然' },
  { id: 'nameless', name: '' },
]

describe('who is mentioned in a note', () => {
  it.each([
    ['@李然看一下', ['li', 'twin']],
    ['请@李然然看', ['li2']],
    ['＠Ann, please', ['ann']],
    ['@Anna', ['anna']],
    ['@Annabel', []],
    ['李然', []],
    ['mail@ann.example', []],
    ['@', []],
    ['@Ann @Ann @李然然', ['ann', 'li2']],
  ])('%s', (note, ids) => {
    expect(mentionedIn(note, colleagues)).toEqual(ids)
  })
})
