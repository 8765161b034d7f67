import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import { answerOf, v1 } from '../api/v1.ts'
import { ApiError } from '../api/request.ts'
import { adminKey, useAdmin } from '../admin/use-admin.ts'
import { explain } from '../shell/explain.ts'
import { useWords, type WordKey } from '../words/automation.ts'
import type { Translate } from '../words/index.ts'

export const useRules = () =>
  useAdmin(['rules'], async (signal) => (await answerOf(v1.GET('/rules', { signal }))).data)

export const useMacroList = () =>
  useAdmin(['macros'], async (signal) => (await answerOf(v1.GET('/macros', { signal }))).data)

/** Teams by id, for queues. */
export const useTeams = () =>
  useQuery({
    queryKey: ['admin', 'teams'],
    queryFn: async ({ signal }) => (await answerOf(v1.GET('/teams', { signal }))).data,
  })

/** A refusal in our words, and the rule behind it in the server's: it names the rules that would loop. */
export const refusalOf = (error: unknown, t: Translate): string => {
  const said = explain(error, t)
  const detail = error instanceof ApiError && error.code !== 'stale' ? error.facts.detail : undefined
  return typeof detail === 'string' ? `${said} (${detail})` : said
}

/** What somebody who was faster made of it. */
export const currentOf = (error: unknown): unknown =>
  error instanceof ApiError && error.code === 'stale' ? error.facts.current : undefined

/** Changes rules or macros, says so or why not, and looks at them again. */
export const useAutomationAct = <Asked = void>(act: (asked: Asked) => Promise<unknown>, done: WordKey) => {
  const t = useWords()
  const client = useQueryClient()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: act,
    onSuccess: () => void message.success(t(done)),
    onError: (error) => void message.error(refusalOf(error, t)),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: adminKey() }),
        // What agents choose from.
        client.invalidateQueries({ queryKey: ['macros'] }),
      ]),
  })
}
