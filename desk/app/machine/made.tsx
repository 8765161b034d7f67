import { useWords } from '../words/machine.ts'

/** Marks what a machine wrote. */
export const MachineMade = ({ model }: { readonly model?: string | undefined }) => {
  const t = useWords()
  return (
    <span className="chip" {...(model === undefined ? {} : { title: model })}>
      {t('machine.made')}
    </span>
  )
}
