import Button from 'antd/es/button'
import { useSure } from '../admin/use-admin.ts'
import { useWords } from '../words/automation.ts'
import { useAutomationAct } from './use-automation.ts'

interface EditRemoveProps {
  /** Names it in what is asked and said. */
  readonly name: string
  readonly edit: () => void
  readonly remove: () => Promise<unknown>
}

/** Changes one of a list, or takes it away once that is sure. */
export const EditRemove = ({ name, edit, remove }: EditRemoveProps) => {
  const t = useWords()
  const sure = useSure()
  const { mutate } = useAutomationAct(remove, 'done.removed')
  const askRemove = async (): Promise<void> => {
    if (await sure('admin.remove.sure', name)) mutate()
  }
  return (
    <>
      <Button size="small" onClick={edit} aria-label={t('rules.edit.of', { name })}>
        {t('admin.edit')}
      </Button>
      <Button
        size="small"
        danger
        onClick={() => void askRemove()}
        aria-label={t('rules.remove.of', { name })}
      >
        {t('admin.remove')}
      </Button>
    </>
  )
}
