// The board of suggestions and one group of them, fetched when one of them is opened.
export { SuggestionBoard } from './board.tsx'
export { SuggestionTheme } from './theme.tsx'
