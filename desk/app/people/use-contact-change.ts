import { useMutation } from '@tanstack/react-query'
import App from 'antd/es/app'
import { lookAgain } from '../api/queries.ts'
import { explain } from '../shell/explain.ts'
import { useWords, type WordKey } from '../words/index.ts'

interface ContactChange {
  readonly run: () => Promise<unknown>
  /** What is said when it was done. */
  readonly done: WordKey
}

/** Changes something about a contact, says how it went, and looks again. */
export const useContactChange = () => {
  const t = useWords()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: ({ run }: ContactChange) => run(),
    onSuccess: (_, { done }) => void message.success(t(done)),
    onError: (error) => void message.error(explain(error, t)),
    onSettled: () => {
      lookAgain(undefined)
    },
  })
}
