import { EyeOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import { lazy, Suspense, useState } from 'react'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'

const AskWords = lazy(async () => ({ default: (await import('../shell/ask-words.tsx')).AskWords }))

/** What the server leaves of a telephone, a card, a mail address, a passport. */
const traces =
  /[\d零〇一二三四五六七八九幺两]{3}\*{4,}|(?<![\d*])\*{4}\d{4}|-\*{4}\d{4}|\*{3}@|[A-Za-z]\*{5,9}\d{2}/

/** True when something masked stands in what is shown. */
export const isMasked = (shown: unknown): boolean => traces.test(JSON.stringify(shown))

interface RevealProps<Answer> {
  /** What is shown; without something masked in it there is nothing to reveal. */
  readonly shown: unknown
  readonly ask: (reason: string) => Promise<Answer>
  readonly show: (answer: Answer) => void
}

/** Shows in full what is masked: each time with a reason, which is recorded. */
export const Reveal = <Answer,>({ shown, ask, show }: RevealProps<Answer>) => {
  const t = useWords()
  const { may } = useSession()
  const { message } = App.useApp()
  const [isAsking, setAsking] = useState(false)
  const reveal = useMutation({
    mutationFn: ask,
    onSuccess: (answer) => {
      setAsking(false)
      show(answer)
    },
    onError: (error) => void message.error(explain(error, t)),
  })
  if (!may('personal.reveal') || !isMasked(shown)) return null
  return (
    <>
      <Button
        size="small"
        icon={<EyeOutlined aria-hidden="true" />}
        onClick={() => {
          setAsking(true)
        }}
      >
        {t('reveal')}
      </Button>
      {isAsking ? (
        <Suspense fallback={null}>
          <AskWords
            title={t('reveal.title')}
            hint={t('reveal.hint')}
            label={t('reveal.reason')}
            missing={t('reveal.missing')}
            ok={t('reveal')}
            pending={reveal.isPending}
            finish={(reason) => {
              reveal.mutate(reason)
            }}
            close={() => {
              setAsking(false)
            }}
          />
        </Suspense>
      ) : null}
    </>
  )
}
