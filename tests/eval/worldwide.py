# SPDX-License-Identifier: Apache-2.0
"""Cases that were written blind, after the rules: people of many cultures whom no generator of names gave, dates of birth
and passwords in the languages and writings of the world. The names are made up."""
import datetime
import random

NAMES = (
    "Maeve Donnelly|Gareth Pritchard|Ewan MacLeod|Neha Bhattacharya|Suresh Gopalan|Manpreet Bajwa|Ahmad Al-Sayed|Nour Khalil|Rachid Belkacem|"
    "Salma Ouazzani|Hassan El-Masry|Đặng Thị Ngọc|Võ Thành Long|Bùi Anh Tuấn|Hsu Chia-Hao|Chen Jiaying|Wang Fang|Ren Ishikawa|Aoi Matsuda|"
    "Daichi Fujimoto|Lee Soo-jin|Kang Dong-hoon|Rina Wulandari|Agung Pratama|Kanya Suwannarat|Angelica Villareal|Tunde Bakare|Chiamaka Obi|Yaw Boateng|"
    "Zanele Mthembu|Sibusiso Ndlovu|Njeri Mwangi|Lemlem Asfaw|Ibrahima Sarr|Adama Kouyaté|Dietmar Hofstetter|Silke Brandt|Jörg Weidemann|Freja Sørensen|"
    "Magnus Bergström|Sindre Haugen|Tuomas Lehtonen|Hrafn Einarsson|Marieke Bakker|Joost van der Meer|Lotte Claes|Corentin Dubois|Maëlle Rousseau|"
    "Federica Marchetti|Matteo Colombo|Pilar Navarro|Ander Mendizabal|Inês Rodrigues|Gonçalo Teixeira|Mariana Figueiredo|Esteban Quiroga|"
    "Valentina Rojas|Małgorzata Wiśniewska|Piotr Lewandowski|Lukáš Procházka|Eszter Kovács|Mihai Dumitrescu|Stefan Todorov|Екатерина Соколова|"
    "Алексей Морозов|Марія Бондаренко|Vladimir Orlov|Anastasia Kuznetsova|Levan Gelashvili|Ani Hakobyan|Burcu Arslan|Kemal Yıldırım|Μαρία Νικολάου|"
    "Dimitra Stavrou|Eitan Shapiro|Tamar Ben-Ami|Mahsa Karimi|Usman Tariq|Hira Baig|Chaminda Wijesinghe|Nilufar Rashidova|Ganbaatar Dorj|Makoa Kealoha|"
    "Hinemoa Parata|Denzel Freeman|Keisha Coleman|Brittany Sanders|Connor O'Brien|Fiona Campbell|Nigel Hawthorne|Roisin Kelly|Ivana Marić|"
    "Nemanja Petrović|Blerta Gashi|Kęstutis Petrauskas|Ilze Kalniņa|Rasmus Kask|Zuzana Kováčová|Urs Gerber|Beatrix Steiner|Dr. Ulrike Pfeiffer|"
    "Prof. Ravi Menon|Aïcha Benali|Emeka Nwosu|Patience Adjei|Tafadzwa Mukanya|Swati Joshi|Karan Mehra|Sourav Sengupta|Imran Sheikh|Thura Aung|"
    "Vannak Sok"
).split("|")
NAME_TEXTS = [
    "Hallo,\n\nmein Name ist {v} und ich brauche Hilfe.", "cc: {v}", "Reviewed-by: {v}", '{{"contactName": "{v}"}}', "Sincerely,\n{v}",
    "Summarise the CV of {v} below.", "Our tenant {v} has not paid rent since May.", "{v} joined the company in 2019.", "Please call {v} back.",
    "The invoice was approved by {v}.", "Patient: {v}, DOB unknown", "Witness {v} stated that the car was red.", "Cher Monsieur {v},",
    "Gentile Sig.ra {v},", "employee: {v}\ndept: sales", "I am {v}, the new intern.", "To: {v}\nSubject: offer", "Met {v} at the conference.",
]
BIRTH_TEXTS = [
    "geb. am {p}", "née le {n}", "fecha de nacimiento: {n}", "data di nascita: {n}", "data de nascimento: {n}", "geboortedatum: {p}", "född {i}",
    "fødselsdato: {p}", "syntymäaika: {p}", "data urodzenia: {p}", "datum narození: {p}", "születési dátum: {i}", "data nașterii: {p}",
    "дата рождения: {p}", "дата народження: {p}", "doğum tarihi: {p}", "ημερομηνία γέννησης: {n}", "生年月日: {i}", "出生日期：{i}", "생년월일: {i}",
    "tanggal lahir: {n}", "ngày sinh: {n}", "تاريخ الميلاد: {i}", "תאריך לידה: {n}", "datum rođenja: {p}", "gimimo data: {i}", "birth_date={i}",
]
PASSWORD_TEXTS = [
    "mot de passe : {v}", "hasło: {v}", "пароль: {v}", "salasana: {v}", "lösenord: {v}", "heslo: {v}", "jelszó: {v}", "şifre: {v}", "密码：{v}",
    "비밀번호: {v}", "contraseña = {v}", "ansible_become_pass={v}", "define('DB_PASSWORD', '{v}');", "conn.setPassword(\"{v}\");", "requirepass {v}",
    "- name: DB_PASSWORD\n  value: \"{v}\"", '<add key="DbPassword" value="{v}"/>', "use password {v} to log in", "LDAP_BIND_PW={v}",
]


def birth(source: random.Random) -> dict:
    day = datetime.date(1940, 1, 1) + datetime.timedelta(days=source.randrange(365 * 65))
    return {"i": day.isoformat(), "p": day.strftime("%d.%m.%Y"), "n": day.strftime("%d/%m/%Y")}


def password(source: random.Random) -> str:
    word = source.choice(["Sunflower", "Hockey", "Porsche", "Winter", "Kestrel", "Marble"])
    return word + str(source.randint(100, 9999)) + source.choice("!*%")
