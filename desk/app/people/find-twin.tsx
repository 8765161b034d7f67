import { useQuery } from '@tanstack/react-query'
import Button from 'antd/es/button'
import Input from 'antd/es/input'
import Modal from 'antd/es/modal'
import { useDeferredValue, useState } from 'react'
import { desk, type ContactView } from '../api/desk.ts'
import { useWords } from '../words/index.ts'

interface FindTwinProps {
  readonly contact: ContactView
  readonly choose: (contactId: string) => void
  readonly close: () => void
}

/** Finds the same person under another name. */
export const FindTwin = ({ contact, choose, close }: FindTwinProps) => {
  const t = useWords()
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.trim())
  const { data: found } = useQuery({
    queryKey: ['contacts', search],
    queryFn: async ({ signal }) => (await desk.findContacts(search, signal)).contacts,
    enabled: search !== '',
  })
  const others = found?.filter(({ id }) => id !== contact.id)
  return (
    <Modal open title={t('contact.merge')} footer={null} onCancel={close}>
      <p>{t('contact.merge.hint')}</p>
      <Input.Search
        value={typed}
        aria-label={t('contact.search')}
        placeholder={t('contact.search')}
        onChange={({ target }) => {
          setTyped(target.value)
        }}
      />
      <ul className="addresses" role="status">
        {others?.length === 0 ? <li className="quiet">{t('contact.none')}</li> : null}
        {others?.map(({ id, displayName, inboxes }) => (
          <li key={id}>
            <bdi>{displayName || id}</bdi> <span className="quiet">{inboxes.join(', ')}</span>{' '}
            <Button
              size="small"
              onClick={() => {
                choose(id)
              }}
            >
              {t('contact.same')}
            </Button>
          </li>
        ))}
      </ul>
    </Modal>
  )
}
