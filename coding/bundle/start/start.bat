@echo off
rem Starts Evenhand. The first start installs it from the folder wheels, without a network, into the folder .venv.
setlocal
chcp 65001 > nul
set "HERE=%~dp0"
set "VENV=%HERE%.venv"
set "PYTHON=%VENV%\Scripts\python.exe"
set "FITS=import sys; sys.exit('%%d.%%d' %% sys.version_info[:2] != '@PYTHON@' or sys.maxsize < 2**32)"

if not exist "%VENV%\installed" goto find
"%PYTHON%" -c "%FITS%" > nul 2>&1
if not errorlevel 1 goto start

:find
set "FOUND=py -@PYTHON@"
%FOUND% -c "%FITS%" > nul 2>&1
if not errorlevel 1 goto install
set "FOUND=python"
%FOUND% -c "%FITS%" > nul 2>&1
if not errorlevel 1 goto install
echo.
echo Evenhand needs Python @PYTHON@ (64-bit), which was not found on this computer.
echo Get it at @PLACE@ (on a computer with a network; carry the installer over),
echo install it with the box "Add python.exe to PATH" ticked, and start this file again.
goto failed

:install
echo First start: installing Evenhand. This takes a minute or two; no network is used.
%FOUND% -m venv --clear "%VENV%"
if errorlevel 1 goto novenv
"%PYTHON%" -m pip install --no-index --find-links "%HERE%wheels" --require-hashes --disable-pip-version-check --no-warn-script-location -q -r "%HERE%wheels.txt"
if errorlevel 1 goto noinstall
> "%VENV%\installed" echo @PYTHON@

:start
cd /d "%HERE%evenhand"
if errorlevel 1 goto noprogram
set STREAMLIT_SERVER_SHOW_EMAIL_PROMPT=false
echo Evenhand opens in your browser. To stop it, close this window or press Ctrl+C.
"%PYTHON%" -m streamlit run app.py %*
if errorlevel 1 goto failed
goto :eof

:novenv
echo.
echo The folder .venv could not be made in %HERE%
echo Check that this folder may be written to and is not full.
goto failed

:noinstall
echo.
echo Evenhand could not be installed; pip says above why.
echo A sum that differs means that a file was damaged while copying: copy this folder again.
echo A path that is too long: move this folder to a short one, such as C:\Evenhand.
echo This folder is for @PLATFORM@ with Python @PYTHON@. Nothing of the computer was changed.
goto failed

:noprogram
echo.
echo The folder evenhand is missing in %HERE%
echo Copy the whole folder again.

:failed
echo.
pause
exit /b 1
