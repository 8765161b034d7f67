import { useMutation } from '@tanstack/react-query'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import { answerOf, v1 } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useWords } from '../words/reports.ts'
import { saveFile } from './csv.ts'
import type { ReportName } from './types.ts'
import { useSpan } from './use-span.ts'

const formats = ['csv', 'xlsx'] as const
type Format = (typeof formats)[number]

/** Files of a report, in the language of the page. */
export const Files = ({ name }: { readonly name: ReportName }) => {
  const t = useWords()
  const { span } = useSpan()
  const { message } = App.useApp()
  const { mutate, isPending, variables } = useMutation({
    mutationFn: async (format: Format) => {
      const query = { ...span, report: name, format }
      const file = await answerOf(v1.GET('/reports/export', { params: { query }, parseAs: 'blob' }))
      saveFile(`${name}-${span.from}-${span.to}.${format}`, file)
    },
    onError: (error) => void message.error(explain(error, t)),
  })
  return formats.map((format) => (
    <Button key={format} loading={isPending && variables === format} onClick={() => mutate(format)}>
      {format.toUpperCase()}
    </Button>
  ))
}
