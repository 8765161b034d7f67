import type { Board, BoardChange } from '../core/feedback.ts'
import type { ThemeAct } from '../core/suggestions.ts'
import { openThemeBoard, type ThemeBoard } from './board.ts'

/** A board without vectors: sums are made anew when something is placed next. */
const openBare = (board: Board, newId: () => string): ThemeBoard =>
  openThemeBoard(board, { dimensions: 0, newId })

/** What an act of a person changes on the board of the themes at hand. Throws `not_found`, `conflict`. */
export const createDecideAct =
  (newId: () => string) =>
  (board: Board, themeId: string, act: ThemeAct): BoardChange => {
    const open = openBare(board, newId)
    switch (act.act) {
      case 'rename':
        return open.rename(themeId, act.name)
      case 'pin':
        return open.pin(themeId)
      case 'merge':
        return open.merge(themeId, act.from)
      case 'split': {
        const change = open.split(themeId, act.itemIds)
        const fresh = change.themes.find(({ id }) => id !== themeId)
        if (act.name === undefined || fresh === undefined) return change
        const named = open.rename(fresh.id, act.name).themes
        return { ...change, themes: [...change.themes.filter(({ id }) => id !== fresh.id), ...named] }
      }
      default:
        return act satisfies never
    }
  }

/** What moving one suggestion changes on the board of both themes. */
export const createDecideMove =
  (newId: () => string) =>
  (board: Board, itemId: string, themeId: string): BoardChange =>
    openBare(board, newId).move(itemId, themeId)
