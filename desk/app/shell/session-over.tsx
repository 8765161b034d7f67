import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import { useWords } from '../words/index.ts'

/** Over every screen once the session has ended: what was being written stays in sight until the agent goes to sign in. */
export const SessionOver = ({ signIn }: { readonly signIn: () => void }) => {
  const t = useWords()
  return (
    <Alert
      type="warning"
      role="alert"
      banner
      title={t('error.unauthenticated')}
      action={
        <Button size="small" onClick={signIn}>
          {t('session.again')}
        </Button>
      }
    />
  )
}
