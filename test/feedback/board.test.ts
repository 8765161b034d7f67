import { describe, expect, it } from 'vitest'
import type { Board } from '../../src/core/feedback.ts'
import { labelThemes, matterOf, openThemeBoard, refineThemes } from '../../src/feedback/index.ts'

const dimensions = 4
/** A vector near an axis; `lean` turns it towards the next one. */
const near = (axis: number, lean = 0): Float32Array => {
  const vector = new Float32Array(dimensions)
  vector[axis] = Math.cos(lean)
  vector[(axis + 1) % dimensions] = Math.sin(lean)
  return vector
}
const counting = () => {
  let ids = 0
  return () => `t${String((ids += 1))}`
}
const open = (board: Board = { themes: [], items: [] }, newId = counting()) => {
  const options = { dimensions, newId, joinsAt: 0.6 }
  return { board: openThemeBoard(board, options), options }
}
const filled = () => {
  const { board, options } = open()
  for (const [at, axis] of [0, 0, 0, 1, 1, 2].entries())
    board.add({ id: `i${String(at)}`, text: `text ${String(at)}`, vector: near(axis, at * 0.02) })
  return { board, options }
}
const themeOf = (board: Board, id: string): string | undefined =>
  board.items.find((item) => item.id === id)?.themeId

describe('adding', () => {
  it('brings what is alike together and leaves the rest alone', () => {
    const { board } = filled()
    expect(board.state().themes.map(({ id, count }) => [id, count])).toEqual([
      ['t1', 3],
      ['t2', 2],
      ['t3', 1],
    ])
  })

  it('goes on from what was kept, and takes an item once', () => {
    const { board } = filled()
    const again = open(board.state(), () => 'new').board
    expect(again.add({ id: 'i9', text: 'more', vector: near(1) }).themes).toMatchObject([
      { id: 't2', count: 3 },
    ])
    expect(again.add({ id: 'i9', text: 'more', vector: near(1) }).items).toEqual([])
  })

  it('ends a theme with its last item, and uses its place again', () => {
    const { board } = filled()
    expect(board.remove('i5').ended).toEqual(['t3'])
    board.add({ id: 'i6', text: 'other', vector: near(3) })
    expect(themeOf(board.state(), 'i6')).toBe('t4')
  })

  it('keeps a theme that a person holds when its last item goes', () => {
    const { board } = filled()
    board.rename('t3', '弹幕')
    const { ended, themes } = board.remove('i5')
    expect([ended, themes]).toMatchObject([[], [{ id: 't3', count: 0, name: '弹幕' }]])
    board.rename('t2', '夜间')
    board.move('i3', 't1')
    expect(board.move('i4', 't1').ended).toEqual([])
  })
})

describe('refining', () => {
  it('parts what does not belong together, and the id stays with most of it', () => {
    const items = [0, 0, 0, 1, 1].map((axis, at) => ({
      ...{ id: `i${String(at)}`, text: '', vector: near(axis), themeId: 'mixed', isFixed: false },
    }))
    const sum = Float32Array.from([3, 2, 0, 0])
    const board = { items, themes: [{ id: 'mixed', count: 5, sum, isHeld: false }] }
    const refined = refineThemes(board, { dimensions, newId: counting(), joinsAt: 0.6 })
    expect(refined.themes.map(({ id, count }) => [id, count])).toEqual([
      ['mixed', 3],
      ['t1', 2],
    ])
    expect(refined.moves).toEqual([
      { itemId: 'i3', from: 'mixed', to: 't1' },
      { itemId: 'i4', from: 'mixed', to: 't1' },
    ])
  })

  it('joins what came apart, and says where it went', () => {
    const { board, options } = filled()
    const items = board.state().items.map((item) => (item.id === 'i2' ? { ...item, themeId: 'stray' } : item))
    const themes = [...board.state().themes, { id: 'stray', count: 1, sum: near(0), isHeld: false }]
    const refined = refineThemes({ themes, items }, options)
    expect(refined.ended).toEqual([{ id: 'stray', into: 't1' }])
    expect(themeOf(refined, 'i2')).toBe('t1')
  })
})

describe('what people decided', () => {
  it('keeps merged items together', () => {
    const { board, options } = filled()
    board.merge('t1', 't2')
    const refined = refineThemes(board.state(), options)
    expect(new Set(['i0', 'i3', 'i4'].map((id) => themeOf(refined, id)))).toEqual(new Set(['t1']))
  })

  it('keeps split items apart', () => {
    const { board, options } = filled()
    board.split('t1', ['i2'])
    const refined = refineThemes(board.state(), options)
    expect(themeOf(refined, 'i2')).not.toBe(themeOf(refined, 'i0'))
    expect(refined.moves).toEqual([])
  })

  it('leaves a moved item where it was put', () => {
    const { board, options } = filled()
    board.move('i0', 't3')
    expect(themeOf(refineThemes(board.state(), options), 'i0')).toBe('t3')
  })

  it('keeps a name, and its theme, even when an equal one is beside it', () => {
    const { board, options } = filled()
    board.split('t1', ['i2'])
    board.rename('t1', '倍速')
    const { themes } = refineThemes(board.state(), options)
    expect(themes.find(({ id }) => id === 't1')).toMatchObject({ name: '倍速', isHeld: true })
  })

  it('keeps all of a pinned theme', () => {
    const { board, options } = filled()
    board.move('i3', 't1')
    board.pin('t1')
    expect(refineThemes(board.state(), options).items.filter(({ themeId }) => themeId === 't1')).toHaveLength(
      4,
    )
  })

  it('is refused where the theme is not there or has changed', () => {
    const { board } = filled()
    expect(() => board.rename('gone', 'x')).toThrow(/load the list of themes again/)
    expect(() => board.split('t1', ['i3'])).toThrow(/not in this theme any more/)
  })
})

describe('labels', () => {
  it('are the most central sentence and the words that set a theme apart', () => {
    const wordsOf = (text: string) => text.split(' ')
    const item = (id: string, themeId: string, text: string, lean: number) => ({
      ...{ id, themeId, text, vector: near(themeId === 'a' ? 0 : 2, lean), isFixed: false },
    })
    const labels = labelThemes(
      [
        item('1', 'a', '倍速 记住 手机', 0.3),
        item('2', 'a', '倍速 记忆 手机', 0),
        item('3', 'a', '倍速 保存 手机', -0.3),
        item('4', 'b', '夜间 手机', 0),
      ],
      wordsOf,
    )
    expect(labels[0]).toMatchObject({ themeId: 'a', sentence: '倍速 记忆 手机' })
    expect(labels[0]?.words[0]).toBe('倍速')
    expect(labels[1]?.words[0]).toBe('夜间')
  })

  it('leave the words of wishing out', () => {
    expect(matterOf('希望能倍速记忆')).toBe('倍速记忆')
    expect(matterOf('能不能加个搜索框呗')).toBe('搜索框')
    expect(matterOf('希望')).toBe('希望')
  })
})
