INSERT INTO vet (name, specialty) VALUES
  ('Amara Holt', 'surgery'),
  ('Birk Lund', 'dentistry'),
  ('Chiara Neri', 'radiology'),
  ('Dov Amsel', 'birds'),
  ('Esme Quill', 'rabbits'),
  ('Femi Adeola', 'skin')
ON CONFLICT DO NOTHING;
