import Button from 'antd/es/button'
import { useWords } from '../words/index.ts'
import { useOriginal } from './originals.ts'

export interface OriginalProps {
  readonly messageId: string
  /** How many pictures lie on other servers. */
  readonly remotePictures: number
}

/** The mail as its sender laid it out, in a frame where nothing runs. */
export const Original = ({ messageId, remotePictures }: OriginalProps) => {
  const t = useWords()
  const { looks, look } = useOriginal(messageId)
  const { pictures } = looks
  return (
    <>
      {remotePictures > 0 && !pictures ? (
        <Button
          size="small"
          title={t('mail.pictures.hint')}
          onClick={() => look({ ...looks, pictures: true })}
        >
          {t('mail.pictures', { n: remotePictures })}
        </Button>
      ) : null}
      <iframe
        className="original"
        sandbox="allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        title={t('mail.original')}
        src={`/api/desk/messages/${messageId}/original${pictures ? '?pictures=1' : ''}`}
      />
    </>
  )
}
