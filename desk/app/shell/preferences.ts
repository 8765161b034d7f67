import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import { desk, type Preferences } from '../api/desk.ts'
import { keys, queryClient } from '../api/queries.ts'
import { useWords } from '../words/index.ts'
import { ariaKeys } from './chords.ts'
import { keysOf, type Command } from './commands.ts'
import { explain } from './explain.ts'

const usual: Preferences = { keys: { single: true, bindings: {} }, notices: {} }

/** What the agent prefers; until that is known, or while it cannot be had, as usual. */
export const usePreferences = (): Preferences =>
  useQuery({
    queryKey: keys.preferences,
    queryFn: ({ signal }) => desk.preferences(signal),
    staleTime: Infinity,
  }).data ?? usual

/** The same, for what is no component. */
export const currentPreferences = (): Preferences =>
  queryClient.getQueryData<Preferences>(keys.preferences) ?? usual

/** Changes what the agent prefers, at once here and soon with the server; takes it back where the server refuses. */
export const useSetPreferences = () => {
  const t = useWords()
  const client = useQueryClient()
  const { message } = App.useApp()
  const { mutate } = useMutation({
    mutationFn: desk.setPreferences,
    // One after the other: the last one stays.
    scope: { id: 'preferences' },
    onError: (error) => {
      void message.error(explain(error, t))
      return client.invalidateQueries({ queryKey: keys.preferences })
    },
  })
  return (change: (before: Preferences) => Preferences): void => {
    const wanted = change(currentPreferences())
    client.setQueryData(keys.preferences, wanted)
    mutate(wanted)
  }
}

/** The key of a command for `aria-keyshortcuts`; undefined where it has none or single keys are off. */
export const useAriaKeys = (): ((command: Command) => string | undefined) => {
  const { single, bindings } = usePreferences().keys
  return (command) => (single ? ariaKeys(keysOf(command, bindings)) : undefined)
}
