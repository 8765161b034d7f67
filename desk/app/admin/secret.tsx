import Alert from 'antd/es/alert'
import Typography from 'antd/es/typography'
import { useWords } from '../words/admin.ts'

/** Something that is shown once and can be copied. */
export const Secret = ({ text }: { readonly text: string }) => {
  const t = useWords()
  return (
    <Alert
      type="warning"
      title={t('admin.copy-now')}
      description={
        <Typography.Text code copyable>
          {text}
        </Typography.Text>
      }
    />
  )
}
