import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import App from 'antd/es/app'
import { createKey } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { useWords, type WordKey } from '../words/admin.ts'

/** What the administration knows under a name. */
export const adminKey = (...parts: readonly unknown[]): readonly unknown[] => ['admin', ...parts]

/** Reads something; whoever changes it has it read again. */
export const useAdmin = <Answer>(
  parts: readonly unknown[],
  read: (signal: AbortSignal) => Promise<Answer>,
  enabled = true,
) => useQuery({ queryKey: adminKey(...parts), queryFn: ({ signal }) => read(signal), enabled })

/** Changes something, says so, and looks at everything of the administration again. */
export const useAdminAct = <Answer, Asked = void>(act: (asked: Asked) => Promise<Answer>, done: WordKey) => {
  const t = useWords()
  const client = useQueryClient()
  const { message } = App.useApp()
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      void message.success(t(done))
      return client.invalidateQueries({ queryKey: adminKey() })
    },
    onError: (error) => void message.error(explain(error, t)),
  })
}

/** The header of a request that takes effect once. */
export const once = () => ({ 'Idempotency-Key': createKey() })

/** Asks before something is gone; says what. */
export const useSure = () => {
  const t = useWords()
  const { modal } = App.useApp()
  return (key: WordKey, name: string): Promise<boolean> =>
    modal.confirm({ title: t(key, { name }), okText: t('admin.remove'), cancelText: t('cancel') }).then(
      (sure) => sure,
      () => false,
    )
}
