import Button from 'antd/es/button'
import Form from 'antd/es/form'
import Input from 'antd/es/input'
import Select from 'antd/es/select'
import { unknownNames, writtenNames } from '../canned/names.ts'
import type { CannedReply } from '../canned/use-canned.ts'
import { useWords } from '../words/canned.ts'

export type Variant = CannedReply['variants'][number]

const channels: readonly Variant['channel'][] = [
  ...(['wechat', 'wecom', 'weibo', 'email', 'web', 'telegram', 'botframework', 'wechaty', 'api'] as const),
]

/** What single channels get instead of the common text. */
export const CannedVariants = () => {
  const t = useWords()
  const form = Form.useFormInstance<{ readonly variants?: readonly (Partial<Variant> | undefined)[] }>()
  const refuse = (why: string): Promise<void> => Promise.reject(new Error(why))
  const checkChannel = (_: unknown, channel?: string): Promise<void> => {
    if (channel === undefined) return refuse(t('article.missing'))
    const all = form.getFieldValue('variants') as readonly (Partial<Variant> | undefined)[]
    const isTwice = all.filter((one) => one?.channel === channel).length > 1
    return isTwice ? refuse(t('canned.variants.twice')) : Promise.resolve()
  }
  const checkText = (_: unknown, text = ''): Promise<void> => {
    if (text.trim() === '') return refuse(t('article.missing'))
    const [name] = unknownNames(text)
    return name === undefined
      ? Promise.resolve()
      : refuse(t('canned.names.unknown', { name, names: writtenNames }))
  }
  return (
    <fieldset className="variants">
      <legend>{t('canned.variants')}</legend>
      <Form.List name="variants">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="variant">
                <Form.Item
                  name={[name, 'channel']}
                  label={t('canned.variants.channel')}
                  rules={[{ validator: checkChannel }]}
                >
                  <Select options={channels.map((one) => ({ value: one, label: t(`channel.${one}`) }))} />
                </Form.Item>
                <Form.Item
                  name={[name, 'text']}
                  label={t('canned.variants.text')}
                  rules={[{ validator: checkText }]}
                >
                  <Input.TextArea rows={3} maxLength={4_000} dir="auto" />
                </Form.Item>
                <Button size="small" onClick={() => remove(name)}>
                  {t('canned.variants.remove')}
                </Button>
              </div>
            ))}
            {fields.length >= channels.length ? null : (
              <Button size="small" onClick={() => add({ text: '' })}>
                {t('canned.variants.add')}
              </Button>
            )}
          </>
        )}
      </Form.List>
    </fieldset>
  )
}
