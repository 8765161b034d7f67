import Button from 'antd/es/button'
import Switch from 'antd/es/switch'
import { useState } from 'react'
import { answerOf, ifMatch, v1 } from '../api/v1.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/automation.ts'
import { EditRemove } from './edit-remove.tsx'
import type { Rule } from './facts.ts'
import { RuleForm } from './rule-form.tsx'
import { useTelling } from './tell.ts'
import { useAutomationAct, useRules } from './use-automation.ts'

const step = 10

const change = (rule: Rule, body: { readonly enabled?: boolean; readonly position?: number }) =>
  answerOf(
    v1.PATCH('/rules/{id}', { params: { path: { id: rule.id }, header: ifMatch(rule.version) }, body }),
  )

/** Sets the positions of rules to their place in the list, where they are not. */
const renumber = async (rules: readonly Rule[]): Promise<void> => {
  for (const [at, rule] of rules.entries()) {
    const position = (at + 1) * step
    if (rule.position !== position) await change(rule, { position })
  }
}

const moved = (rules: readonly Rule[], from: number, to: number): readonly Rule[] => {
  const rest = rules.filter((_, at) => at !== from)
  return [...rest.slice(0, to), ...rules.slice(from, from + 1), ...rest.slice(to)]
}

interface ActsProps {
  readonly rules: readonly Rule[]
  readonly at: number
  readonly rule: Rule
  readonly edit: () => void
}

const Acts = ({ rules, at, rule, edit }: ActsProps) => {
  const t = useWords()
  const { name } = rule
  const order = useAutomationAct((to: number) => renumber(moved(rules, at, to)), 'done.saved')
  const turn = useAutomationAct((enabled: boolean) => change(rule, { enabled }), 'done.saved')
  return (
    <div className="actions">
      <Switch
        checked={rule.enabled}
        loading={turn.isPending}
        aria-label={t('rules.turn', { name })}
        checkedChildren={t('rules.on.short')}
        unCheckedChildren={t('rules.off.short')}
        onChange={(enabled) => turn.mutate(enabled)}
      />
      <Button
        size="small"
        disabled={at === 0}
        loading={order.isPending}
        aria-label={t('rules.earlier.of', { name })}
        onClick={() => order.mutate(at - 1)}
      >
        {t('rules.earlier')}
      </Button>
      <Button
        size="small"
        disabled={at === rules.length - 1}
        loading={order.isPending}
        aria-label={t('rules.later.of', { name })}
        onClick={() => order.mutate(at + 1)}
      >
        {t('rules.later')}
      </Button>
      <EditRemove
        {...{ name, edit }}
        remove={() => answerOf(v1.DELETE('/rules/{id}', { params: { path: { id: rule.id } } }))}
      />
    </div>
  )
}

const Sentence = ({ rule: { on, when, actions, failure } }: { readonly rule: Rule }) => {
  const t = useWords()
  const tell = useTelling()
  return (
    <>
      <p className="words">
        <span className="quiet">{t('rules.on')}</span>{' '}
        {on.map((one) => t(`change.${one}`)).join(t('rules.or'))}
        {'\n'}
        <span className="quiet">{t('rules.when')}</span>{' '}
        {when.length === 0 ? t('rules.always') : when.map(tell.condition).join(t('rules.and'))}
        {'\n'}
        <span className="quiet">{t('rules.then')}</span> {actions.map(tell.action).join(t('rules.and'))}
      </p>
      {failure === undefined ? null : (
        <p className="delivery bad">
          {t('rules.failure', { at: exactTime(failure.at) })} <bdi>{failure.message}</bdi>
        </p>
      )}
    </>
  )
}

/** Rules in the order in which they are tried. */
export const Rules = () => {
  const t = useWords()
  const { may } = useSession()
  const manages = may('rule.manage')
  const { data: rules = [], error, isPending } = useRules()
  const [editing, setEditing] = useState<{ readonly rule: Rule | undefined }>()
  return (
    <>
      <header className="page-head">
        <h1>{t('admin.rules')}</h1>
        {manages ? (
          <Button type="primary" onClick={() => setEditing({ rule: undefined })}>
            {t('rules.new')}
          </Button>
        ) : (
          <span className="quiet">{t('rules.why.manage')}</span>
        )}
      </header>
      {error === null ? null : <p role="alert">{explain(error, t)}</p>}
      {rules.length === 0 && !isPending && error === null ? <p>{t('rules.none')}</p> : null}
      <ol className="pieces">
        {rules.map((rule, at) => (
          <li key={rule.id} className="theme">
            <strong>
              {at + 1}. <bdi>{rule.name}</bdi>
            </strong>
            {rule.enabled ? null : <span className="chip">{t('rules.off')}</span>}
            <Sentence rule={rule} />
            {manages ? <Acts {...{ rules, at, rule }} edit={() => setEditing({ rule })} /> : null}
          </li>
        ))}
      </ol>
      {editing === undefined ? null : <RuleForm rule={editing.rule} close={() => setEditing(undefined)} />}
    </>
  )
}
