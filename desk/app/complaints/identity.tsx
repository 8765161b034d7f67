import Button from 'antd/es/button'
import { useState } from 'react'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import { answerOf, v1 } from '../api/v1.ts'
import { AskWords } from '../shell/ask-words.tsx'
import { useSession } from '../shell/session.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/complaint.ts'
import { useCaseAct, type Case } from './use-case.ts'
import { Why } from './why.tsx'

const isOver = ({ state }: Case): boolean => state === 'decided' || state === 'final' || state === 'withdrawn'

/** Finding out who complains: by a code to a mail address, by what they said on the phone, or by somebody's word. */
const Acts = ({ found }: { readonly found: Case }) => {
  const t = useWords()
  const { may } = useSession()
  const [isWaiving, setWaiving] = useState(false)
  const ask = useCaseAct(found, 'done.identity.asked', ({ path, header }, address: string) =>
    answerOf(v1.POST('/complaints/{id}/identity', { params: { path, header }, body: { address } })),
  )
  const confirm = useCaseAct(found, 'done.identity.entered', ({ path, header }, code: string) =>
    answerOf(v1.POST('/complaints/{id}/identity/confirm', { params: { path, header }, body: { code } })),
  )
  const waive = useCaseAct(found, 'done.identity.waived', ({ path, header }, why: string) =>
    answerOf(v1.POST('/complaints/{id}/identity/waive', { params: { path, header }, body: { why } })),
  )
  const needed = [{ required: true, whitespace: true, message: t('article.missing') }]
  return (
    <>
      <Form<{ address: string }> layout="inline" onFinish={({ address }) => ask.mutate(address.trim())}>
        <Form.Item name="address" label={t('case.identity.address')} rules={needed}>
          <Input type="email" maxLength={254} autoComplete="off" />
        </Form.Item>
        <Button htmlType="submit" loading={ask.isPending}>
          {t('case.identity.send')}
        </Button>
      </Form>
      {found.identity?.state === 'asked' ? (
        <Form<{ code: string }> layout="inline" onFinish={({ code }) => confirm.mutate(code.trim())}>
          <Form.Item name="code" label={t('case.identity.code')} rules={needed}>
            <Input inputMode="numeric" maxLength={40} autoComplete="off" />
          </Form.Item>
          <Button htmlType="submit" loading={confirm.isPending}>
            {t('case.identity.enter')}
          </Button>
        </Form>
      ) : null}
      {may('complaint.decide') ? (
        <Button onClick={() => setWaiving(true)}>{t('case.identity.waive')}</Button>
      ) : (
        <Why text={t('case.why.waive')} />
      )}
      {isWaiving ? (
        <AskWords
          title={t('case.identity.waive')}
          hint={t('case.identity.waive.hint')}
          label={t('case.identity.waive.why')}
          ok={t('case.identity.waive')}
          pending={waive.isPending}
          finish={(why) => waive.mutate(why, { onSuccess: () => setWaiving(false) })}
          close={() => setWaiving(false)}
        />
      ) : null}
    </>
  )
}

/** Whether it is known who complains, and how it can be found out. */
export const IdentityState = ({ found, shown }: { readonly found: Case; readonly shown: Case }) => {
  const t = useWords()
  const { may } = useSession()
  const { identity } = shown
  const isKnown = identity?.state === 'verified' || identity?.state === 'waived'
  return (
    <section aria-label={t('case.identity')}>
      <h3>{t('case.identity')}</h3>
      <p>
        <span className={isKnown ? 'chip due-done' : 'chip'}>
          {t(`case.identity.${identity?.state ?? 'none'}`)}
        </span>{' '}
        {identity?.address === undefined ? null : <bdi>{identity.address}</bdi>}{' '}
        {identity === undefined ? null : <span className="quiet">{exactTime(identity.at)}</span>}
      </p>
      {isKnown || isOver(found) ? null : may('complaint.work') ? (
        <Acts found={found} />
      ) : (
        <Why text={t('case.why.work')} />
      )}
    </section>
  )
}
