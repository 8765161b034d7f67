import Alert from 'antd/es/alert'
import { useWords } from '../words/automation.ts'

interface Line {
  readonly name: string
  readonly theirs: string
  readonly yours: string
}

interface TheirsProps {
  readonly lines: readonly Line[]
}

/** Somebody was faster: theirs and ours, line by line; ours stays in the form. */
export const Theirs = ({ lines }: TheirsProps) => {
  const t = useWords()
  return (
    <Alert
      type="warning"
      role="alert"
      title={t('rules.stale')}
      description={
        <dl className="diff">
          {lines
            .filter(({ theirs, yours }) => theirs !== yours)
            .map(({ name, theirs, yours }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <span className="quiet">{t('rules.theirs')}</span>
                  <bdi className="words">{theirs}</bdi>
                  <span className="quiet">{t('rules.yours')}</span>
                  <bdi className="words">{yours}</bdi>
                </dd>
              </div>
            ))}
        </dl>
      }
    />
  )
}
