import { present } from '../api/present.ts'
import Input from 'antd/es/input'
import { useState } from 'react'
import { useWords } from '../words/reports.ts'

const pattern = /^\d{4}-(?:0[1-9]|1[0-2])$/

const thisMonth = (): string => new Date(present()).toISOString().slice(0, 7)

/** The month that is looked at, and what is typed towards another. */
export const useMonth = () => {
  const [typed, setTyped] = useState(thisMonth)
  const [month, setMonth] = useState(thisMonth)
  return {
    ...{ month, typed },
    type: (text: string): void => {
      setTyped(text)
      if (pattern.test(text)) setMonth(text)
    },
  }
}

interface MonthFieldProps {
  readonly typed: string
  readonly type: (text: string) => void
}

export const MonthField = ({ typed, type }: MonthFieldProps) => {
  const t = useWords()
  return (
    <Input
      className="month"
      type="month"
      value={typed}
      aria-label={t('reports.month')}
      onChange={({ target }) => {
        type(target.value)
      }}
    />
  )
}
